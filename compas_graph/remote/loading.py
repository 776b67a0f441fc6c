"""A whole load: what is new, changed or vanished, each graph replaced whole or not at all; and its removal.

It can be run again and changes nothing when nothing changed. Killed at any point, the store holds the
old graph or the new one, and the next run mends the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode

from compas_graph.errors import StoreError
from compas_graph.remote.additions import add, groups
from compas_graph.remote.canonical import Canonical
from compas_graph.remote.client import MANY, Client
from compas_graph.remote.differences import Differences
from compas_graph.remote.ledger import LEDGER, Entry, entries, forget, is_ours, listing
from compas_graph.remote.origin import DERIVED
from compas_graph.remote.probing import check_list_is_kept, put_is_atomic
from compas_graph.remote.replacement import replace

__all__ = ["Done", "Plan", "Step", "carry_out", "plan_load", "plan_unload"]

Progress = Callable[[str, int, int], None]
"""What is told the graph that is being sent, how many of its bytes were, and how many there are."""


class Step(NamedTuple):
    """What is to be done with one graph: `add`, `replace`, `remove`, or nothing, as it is `unchanged`."""

    action: str
    graph: str
    content: Canonical | None = None
    entry: Entry | None = None


class Plan(NamedTuple):
    """The steps of a load, and the staging graphs that an earlier one left."""

    steps: tuple[Step, ...]
    left: tuple[str, ...]
    origin: str = ""


class Done(NamedTuple):
    """What was done with one graph; `changed` is what the store changed of its terms."""

    action: str
    graph: str
    triples: int
    changed: Differences | None = None
    refused: bool = False


def plan_load(
    client: Client, graphs: Iterable[Canonical], origin: str, *, whole: bool, adopt: bool, folder: Path | None = None
) -> Plan:
    """Return what a load will do, or raise StoreError if it would touch what it did not put there.

    `whole` says that the graphs are all of that origin, so that listed ones which are missing are
    removed. `adopt` lets it replace graphs that are not listed, or listed as of another origin. A graph
    that has lost or gained triples is put again; with a `folder` those that seem unchanged are read back, too.
    """
    listed = entries(client)
    steps: list[Step] = []
    graphs = list(graphs)
    foreign = set() if adopt else client.existing([one.graph for one in graphs if one.graph not in listed])
    sizes = client.counts(one.graph for one in graphs if one.graph in listed)
    for content in graphs:
        if is_ours(content.graph):
            raise StoreError(f"{content.graph}: the loader needs this name for itself; give the graph another")
        entry = listed.get(content.graph)
        if content.graph in foreign:
            raise StoreError(
                f"{content.graph}: is in the store, but was not put there by 'compas-graph load'; "
                "--adopt replaces such graphs"
            )
        if entry and not adopt:
            _check_origin(entry, origin)
        same = entry is not None and _is_there(client, entry, content, sizes.get(content.graph, 0), folder)
        action = "unchanged" if same else "replace" if entry or adopt else "add"
        steps.append(Step(action, content.graph, content, entry))
    wanted = {step.graph for step in steps}
    gone = [entry for entry in listed.values() if entry.origin == origin and entry.graph not in wanted]
    steps += [Step("remove", entry.graph, None, entry) for entry in gone if whole]
    return Plan(tuple(steps), tuple(entry.graph for entry in listed.values() if entry.state == "staging"), origin)


def _check_origin(entry: Entry, origin: str) -> None:
    """Raise StoreError if a graph came from elsewhere; what is derived there may always be renewed by a whole load."""
    if entry.origin in ("", origin) or (origin == "bundle" and NamedNode(entry.graph) in DERIVED["inferences"]):
        return
    if origin == "bundle":
        raise StoreError(
            f"{entry.graph}: was loaded from FILES; 'compas-graph unload URL {entry.graph}' takes it away, "
            "--adopt replaces it"
        )
    raise StoreError(
        f"{entry.graph}: is a graph of the whole load, not of FILES; give yours another name, or replace it by --adopt"
    )


def _is_there(client: Client, entry: Entry, content: Canonical, size: int, folder: Path | None) -> bool:
    """Return whether a graph, of so many triples, is as it is wanted; it is read back if there is a folder for it."""
    if entry.state != "loaded" or entry.digest != content.digest:
        return False
    kept = entry.triples or str(content.triples if entry.stored == entry.digest else size)
    if str(size) != kept:
        return False
    if folder is None:
        return True
    found = client.read(content.graph, folder)
    found.path.unlink(missing_ok=True)
    return found.digest == entry.stored


def plan_unload(client: Client, graphs: Iterable[str]) -> Plan:
    """Return what taking graphs away will do: those named, all listed ones if none is."""
    listed = entries(client)
    named = list(graphs) or [entry.graph for entry in listed.values() if entry.state != "staging"]
    for graph in named:
        if graph not in listed:
            raise StoreError(f"{graph}: was not put into the store by 'compas-graph load' and is left alone")
    left = tuple(entry.graph for entry in listed.values() if entry.state == "staging")
    return Plan(tuple(Step("remove", graph, None, listed[graph]) for graph in named), left)


def carry_out(client: Client, plan: Plan, folder: Path, progress: Progress) -> Iterator[Done]:
    """Do what is planned, and yield what was done with each graph as soon as it is."""
    for graph in plan.left:
        client.update(f"DROP SILENT GRAPH {NamedNode(graph)}")
        client.update(forget(graph))
    for step in plan.steps:
        if step.content is None:
            _remove(client, step)
            yield Done("removed", step.graph, 0)
        elif step.action == "unchanged":
            yield Done("unchanged", step.graph, step.content.triples)
    todo = {step.graph: step for step in plan.steps if step.action in ("add", "replace")}
    if not todo:
        return
    listed = [Entry(step.graph, "loading", _origin(step, plan.origin)) for step in todo.values()]
    check_list_is_kept(client, listed[0])
    for start in range(1, len(listed), MANY):  # whoever asks before the end is told that it did not come
        client.update(listing(*listed[start : start + MANY]))
    atomic = put_is_atomic(client)
    new = (step.content for step in plan.steps if step.content and step.content.triples and step.action == "add")
    for group in groups(new) if atomic and client.quads_url else ():
        for done in _add(client, group, plan.origin):
            del todo[done.graph]
            yield done
    for step in todo.values():
        assert step.content is not None
        yield _put(client, step, step.content, _origin(step, plan.origin), atomic, folder, progress)


def _origin(step: Step, origin: str) -> str:
    """Return the origin to list; an adopted graph of the whole load stays one of it, for answers to be made from."""
    return "bundle" if step.entry and step.entry.origin == "bundle" else origin


def _add(client: Client, group: list[Canonical], origin: str) -> Iterator[Done]:
    """Add some small graphs at once; what does not come back as it went is left for `_put`."""
    right = add(client, group)
    same = [content for content in group if content.graph in right]
    if same:
        client.update(listing(*(_loaded(one, origin, one.digest, one.triples) for one in same)))
    for content in same:
        yield Done("added", content.graph, content.triples)


def _put(
    client: Client, step: Step, content: Canonical, origin: str, atomic: bool, folder: Path, progress: Progress
) -> Done:
    """Replace one graph, listed as loading, and list it as loaded when it was read back."""
    if not content.triples:
        client.update(f"DROP SILENT GRAPH {NamedNode(step.graph)}")
        client.update(listing(_loaded(content, origin, content.digest, 0)))
        return Done("added" if step.action == "add" else "replaced", step.graph, 0)
    done = replace(client, content, atomic, folder, lambda sent: progress(step.graph, sent, content.length))
    if done.refused:
        client.update(listing(step.entry) if step.entry else forget(step.graph))
        return Done("refused", step.graph, content.triples, done.changed, refused=True)
    client.update(listing(_loaded(content, origin, done.stored, done.triples)))
    action = {"there": "found"}.get(done.way, "added" if step.action == "add" else "replaced")
    return Done(action, step.graph, content.triples, done.changed)


def _loaded(content: Canonical, origin: str, stored: str, triples: int) -> Entry:
    """Return the entry of a graph that was read back."""
    return Entry(content.graph, "loaded", origin, content.digest, stored, str(triples))


def _remove(client: Client, step: Step) -> None:
    """Take a graph away and then off the list, which is taken away with the last one."""
    assert step.entry
    client.update(listing(step.entry._replace(state="loading")))
    client.update(f"DROP SILENT GRAPH {NamedNode(step.graph)}")
    client.update(forget(step.graph))
    if not client.has(LEDGER):
        client.update(f"DROP SILENT GRAPH <{LEDGER}>")
