"""Generate a graph of our own shape: of any size, the same for the same seed, with a known share of planted faults.

    python benchmarks/generate.py TRIPLES [--seed N] [--faults SHARE] [--format turtle|trig|nquads] > FILE

Sources follow each other, each with the entities that it brings, its passages, claims and readings. Things of earlier
sources come up again, the first ones often, most hardly ever. Only counts are remembered from one source to the next,
so memory does not grow. With no faults the graph conforms to ontology/shapes.ttl and benchmarks/sparql-shape.ttl.
A fault changes one block, and breaks one property shape once; which ones there are says FAULTS, and `--planted FILE`
lists those in the output.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from random import Random

from generated.blocks import Block, Planted
from generated.faults import FAULTS, SPARQL_RULE, Fault, with_faults
from generated.sources import clean_blocks
from generated.writing import FORMATS, write

__all__ = ["FAULTS", "FORMATS", "SPARQL_RULE", "Block", "Fault", "Planted", "generate", "write"]

GRAPH_SIZE = 200
"""How many triples a source, and so a named graph, has at most, give or take a sentence."""
LEAST_TRIPLES = 1000
"""The size from which on the number of triples is met within one in a hundred."""
MOST_FAULTS = Fraction(1, 20)
"""The greatest share of faults: a block, of about seven triples, takes one at most."""


def generate(
    triples: int, seed: int = 0, faults: Fraction | float = 0, graph_size: int = GRAPH_SIZE
) -> Iterator[Block]:
    """Yield the blocks of a graph of that many triples, of which that share is bad.

    Clean and faulty graphs of one seed differ in the blocks with a planted fault only.
    """
    if triples < LEAST_TRIPLES:
        raise ValueError(f"{triples} triples are too few, it takes {LEAST_TRIPLES}")
    if not 0 <= faults <= MOST_FAULTS:
        raise ValueError(f"{faults} is no share of faults: it lies from 0 to {MOST_FAULTS}")
    blocks = clean_blocks(triples, Random(f"{seed}"), graph_size)
    return with_faults(blocks, faults, Random(f"{seed} faults")) if faults else blocks


def _share(text: str) -> Fraction:
    """Return a share given as 0.001 or 1/1000."""
    try:
        share = Fraction(text)
    except (ValueError, ZeroDivisionError):
        share = Fraction(-1)
    if not 0 <= share <= MOST_FAULTS:
        raise argparse.ArgumentTypeError(f"'{text}' is no share from 0 to {MOST_FAULTS}, like 1/1000 or 0.001")
    return share


def _triples(least: int) -> Callable[[str], int]:
    """Return what reads a number of triples given as 100000 or 100,000."""

    def read(text: str) -> int:
        digits = text.replace(",", "")
        if not (digits.isascii() and digits.isdecimal()) or int(digits) < least:
            raise argparse.ArgumentTypeError(f"'{text}' is no number of triples from {least:,} on")
        return int(digits)

    return read


def main() -> None:
    """Write the graph asked for to standard output."""
    parser = argparse.ArgumentParser(description="Generate a graph of our own shape.", allow_abbrev=False)
    parser.add_argument("triples", type=_triples(LEAST_TRIPLES), help="how many triples")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another graph (default: 0)")
    parser.add_argument("--faults", type=_share, default=Fraction(0), help="the share of bad triples, like 1/1000")
    parser.add_argument("--format", choices=FORMATS, default="turtle", help="turtle (default) has no named graphs")
    parser.add_argument(
        "--graph-size", type=_triples(100), default=GRAPH_SIZE, help="triples of a source (default: 200)"
    )
    parser.add_argument("--planted", type=Path, help="a file for the faults: node, rule and kind of each, with tabs")
    given = parser.parse_args()
    blocks = generate(given.triples, given.seed, given.faults, given.graph_size)
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False) as out:
        planted = write(blocks, given.format, out)
    if given.planted:
        given.planted.write_text("".join("\t".join(fault) + "\n" for fault in planted), "utf-8")


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:  # whoever reads has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
