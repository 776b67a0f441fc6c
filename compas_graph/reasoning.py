"""OWL 2 RL entailments about individuals, by SPARQL rules compiled from an ontology's axioms.

`compile_rules` makes one rule a construct, with a table of its axioms; `infer` runs the rules
to a fixpoint; `explain` and `inconsistencies` ask the same rules what led to a triple and what
contradicts itself. A rule is plain SPARQL 1.1 and can be sent to any store.

What follows is what the OWL 2 RL/RDF rules of W3C say, except for three kinds of triple:

- *schema closure*: triples about classes and properties (the closure is taken while compiling), and
  the membership of individuals in anonymous classes (what follows from it is derived);
- *reflexive sameAs*: that a thing is the same as itself;
- *literals and vocabulary*: types of literals, literals as subjects and what follows through them, `x a owl:Thing`,
  and triples about terms of RDF, RDFS, OWL and XSD. Hence no literal is compared (dt-eq, dt-diff) or checked
  (dt-not-type).

owl:sameAs relates individuals: stated between classes or properties it is refused.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    Store,
    Triple,
    Variable,
)

from compas_graph.axioms import Axiom, Ontology, Term
from compas_graph.owl import SAME, TYPE, UnsupportedAxiomError, vocabulary
from compas_graph.rules import Clause, Part, Pattern, clauses
from compas_graph.store import Readable

__all__ = [
    "Inconsistency", "Row", "Rule", "Step", "UnsupportedAxiomError",
    "axiom_text", "axioms_of", "compile_rules", "explain", "inconsistencies", "infer",
]  # fmt: skip


class Row(NamedTuple):
    """The constants of one axiom, in the order of the rule's variables, where they come from, and what they ask for.

    The keys are the predicates and classes of the body, None for any predicate.
    """

    values: tuple[Term, ...]
    axioms: tuple[Axiom, ...]
    keys: frozenset[Term | None]


class Rule(NamedTuple):
    """A W3C rule with the axioms it applies: patterns, what they imply (None: a contradiction), a table."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None
    distinct: tuple[tuple[Part, Part], ...]
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]

    @property
    def unknowns(self) -> tuple[Variable, ...]:
        """Give the variables of the head."""
        return tuple(dict.fromkeys(part for part in self.head or () if isinstance(part, Variable)))

    def conclude(self, rows: Sequence[Row]) -> str:
        """Give the query for what follows by some rows and is not in the store: the values of the head's variables.

        MINUS, with a table of its own, asks once for all that is known; a test of each match costs several times that.
        Where the predicate is unknown, the first pattern of the body keeps MINUS from asking for the whole store.
        """
        head = cast("Pattern", self.head)
        only = () if isinstance(head[1], NamedNode) or head[1] in self.variables else self.body[:1]
        places = [place for place, variable in enumerate(self.variables) if variable in head]
        shown = dict.fromkeys(tuple(row.values[place] for place in places) for row in rows)
        known = _values([self.variables[place] for place in places], shown) + " . ".join(map(_text, (*only, head)))
        where = _values(self.variables, (row.values for row in rows)) + self._patterns()
        return f"SELECT DISTINCT {_text(self.unknowns)} WHERE {{ {where} MINUS {{ {known} }} }}"

    def select(self) -> str:
        """Give the query for every match of the body: all variables, and `?row`, the place in the table."""
        table = " ".join(f"({number} {' '.join(map(str, row.values))})" for number, row in enumerate(self.rows))
        return f"SELECT DISTINCT * WHERE {{ VALUES (?row {_text(self.variables)}) {{ {table} }} {self._patterns()} }}"

    def _patterns(self) -> str:
        tests = "".join(f" FILTER (!sameTerm({one}, {other}))" for one, other in self.distinct)
        return " . ".join(map(_text, self.body)) + tests


class Step(NamedTuple):
    """One derivation of a triple: the rule, the axioms it used, and the triples it started from."""

    rule: str
    axioms: tuple[Axiom, ...]
    premises: tuple[Triple, ...]


class Inconsistency(NamedTuple):
    """A contradiction: the rule that found it, the axioms, the individuals and the triples involved."""

    rule: str
    axioms: tuple[Axiom, ...]
    individuals: tuple[Term, ...]
    premises: tuple[Triple, ...]


def _text(parts: Iterable[Part]) -> str:
    return " ".join(map(str, parts))


def _values(variables: Sequence[Variable], table: Iterable[tuple[Term, ...]]) -> str:
    """Give a table as SPARQL, or nothing if it has no columns."""
    return f"VALUES ({_text(variables)}) {{ {' '.join(f'({_text(row)})' for row in table)} }} " if variables else ""


def axiom_text(axioms: tuple[Axiom, ...]) -> str:
    """Write axioms in one line, each anonymous class by its definition in brackets."""
    inner: dict[Term, Axiom] = {axiom[0]: axiom[1:] for axiom in axioms if isinstance(axiom[0], BlankNode)}

    def write(term: Term, depth: int = 9) -> str:
        if term in inner and depth:
            return f"({' '.join(write(part, depth - 1) for part in inner[term])})"
        return str(term)

    shown = [axiom for axiom in axioms if axiom[0] not in inner] or axioms[:1]
    return "; ".join(" ".join(map(write, axiom)) for axiom in shown)


def axioms_of(store: Readable) -> Iterator[Quad]:
    """Give the quads of a store that `compile_rules` reads, without a scan of the others."""
    for term in vocabulary():
        yield from store.quads_for_pattern(None, term, None)
        yield from store.quads_for_pattern(None, TYPE, term)


def compile_rules(triples: Iterable[Quad | Triple]) -> tuple[Rule, ...]:
    """Compile the axioms among some triples into rules, one for each construct and shape.

    Raises UnsupportedAxiomError for an axiom that has no rule: none is silently ignored.
    """
    ontology = Ontology(triples)
    rules: dict[Shape, dict[tuple[Term, ...], Row]] = {}
    for clause in clauses(ontology):
        lifted = _lift(clause)
        if lifted:
            shape, row = lifted
            rules.setdefault(shape, {}).setdefault(row.values, row._replace(axioms=ontology.spelled(row.axioms)))
    found = tuple(Rule(*shape, tuple(rows.values())) for shape, rows in rules.items())
    _refuse_same_terms(ontology, found)
    return found


Shape: TypeAlias = tuple[str, tuple[Pattern, ...], Pattern | None, tuple[tuple[Part, Part], ...], tuple[Variable, ...]]


def _lift(clause: Clause) -> tuple[Shape, Row] | None:
    """Give a clause as the shape it shares with others and the row of constants that is its own."""
    names = _Names(clause)
    if any(names.equal[variable] != value for variable, value in clause.equal) or clause.head in clause.body:
        return None
    body = tuple(map(names.lift_all, clause.body))
    bound = len(names.variables)
    head = names.lift_all(clause.head) if clause.head else None
    if len(names.variables) != bound:
        raise UnsupportedAxiomError(*names.source, "it speaks of everything; name a class")
    variables = names.variables
    distinct = tuple(
        (variables[one], variables.get(other, other)) for one, other in clause.distinct if one in variables
    )
    keys = frozenset(_key(predicate, names.fixed(value)) for _, predicate, value in clause.body) or frozenset((None,))
    shape = (clause.name, body, head, distinct, tuple(names.columns.values()))
    return shape, Row(tuple(names.columns), clause.axioms, keys)


class _Names:
    """The variables that take the place of a clause's own variables and of its constants, in order of appearance."""

    def __init__(self, clause: Clause) -> None:
        self.source = (clause.axioms[0][0], clause.axioms[0][1])
        self.equal = dict(clause.equal)
        self.variables: dict[Part, Variable] = {}
        self.columns: dict[Term, Variable] = {}

    def fixed(self, part: Part) -> Part:
        """Give the constant that a variable must be, if it must be one."""
        return self.equal.get(part, part) if self.equal and isinstance(part, Variable) else part

    def lift(self, part: Part, place: int) -> Part:
        """Give what stands for a part of a pattern."""
        term = self.fixed(part)
        if isinstance(term, Variable):
            return self.variables.get(term) or self.variables.setdefault(term, _variable("x", len(self.variables)))
        if place == 1 and term in (TYPE, SAME):
            return term
        if isinstance(term, BlankNode) or (place == 1 and not isinstance(term, NamedNode)):
            raise UnsupportedAxiomError(*self.source, f"{term} has no IRI; give it one")
        return self.columns.get(term) or self.columns.setdefault(term, _variable("c", len(self.columns)))

    def lift_all(self, pattern: Pattern) -> Pattern:
        """Give what stands for a pattern."""
        return self.lift(pattern[0], 0), self.lift(pattern[1], 1), self.lift(pattern[2], 2)


@cache
def _variable(kind: str, number: int) -> Variable:
    return Variable(f"{kind}{number}")


def _key(predicate: Part, value: Part) -> Term | None:
    """Give what a pattern asks for: a class, or else a predicate; None stands for any."""
    asked = predicate if predicate != TYPE or isinstance(value, Variable) else value
    return None if isinstance(asked, Variable) else asked


def _refuse_same_terms(ontology: Ontology, rules: tuple[Rule, ...]) -> None:
    """Raise if owl:sameAs is stated of a class or property of the rules."""
    same = {term for pair in ontology.pairs(SAME) for term in pair}
    for rule in rules if same else ():
        for row in rule.rows:
            for term in same & row.keys:
                raise UnsupportedAxiomError(term, SAME, "use owl:equivalentClass or owl:equivalentProperty for terms")


_CLOSED = frozenset(("cax-sco", "cax-eqc1", "cax-eqc2", "cls-uni", "cls-int2", "prp-spo1", "prp-eqp1"))
"""Rules whose tables are closed: what one of them derives never needs another of them."""


def infer(store: Store, rules: tuple[Rule, ...], into: NamedNode) -> int:
    """Write all that follows and is in no graph yet into the graph `into`, and give its number of triples.

    A rule runs with those of its rows whose predicates and classes all occur in the store, and again
    with those of which some got a triple since.
    """
    deriving = [rule for rule in rules if rule.head]
    asked = {key for rule in deriving for row in rule.rows for key in row.keys}
    log = _Log(key for key in asked if _occurs(store, key))
    last_run = [0] * len(deriving)
    total, busy = 0, True
    while busy:
        busy = False
        for number, rule in enumerate(deriving):
            if rows := log.due(rule, last_run[number]):
                last_run[number] = log.time
                added = _run(store, rule, rows, into)
                log.add(rule, added)
                total, busy = total + added.total(), busy or bool(added)
    return total


def _run(store: Store, rule: Rule, rows: list[Row], into: NamedNode) -> Counter[Term]:
    """Run some rows of a rule, write what is new, and give its predicates and classes."""
    head = cast("Pattern", rule.head)
    constants = tuple(part for part in head if not isinstance(part, Variable))
    subject, predicate, value = ((*rule.unknowns, *constants).index(part) for part in head)
    added: Counter[Term] = Counter()

    def new() -> Iterator[Quad]:
        found = store.query(rule.conclude(rows), use_default_graph_as_union=True)
        for solution in cast("QuerySolutions", found):
            terms = (*solution, *constants)
            s, p, o = terms[subject], terms[predicate], terms[value]
            if not isinstance(s, Literal):
                added[o if p == TYPE else p] += 1
                yield Quad(s, p, o, into)

    store.extend(new())
    return added


class _Log:
    """Which predicates and classes got triples, run by run; the first entry is all that occur at the start."""

    def __init__(self, present: Iterable[Term | None]) -> None:
        self._known = set(present)
        self._entries = [(False, self._known.copy())]

    @property
    def time(self) -> int:
        """Give the number of entries so far."""
        return len(self._entries)

    def due(self, rule: Rule, since: int) -> list[Row]:
        """Give the rows to run if a rule last ran at a time; what a closed rule added concerns no closed rule."""
        skip = rule.name in _CLOSED
        recent = set[Term | None]().union(*(keys for closed, keys in self._entries[since:] if not (closed and skip)))
        return [row for row in rule.rows if not recent.isdisjoint(row.keys) and row.keys <= self._known]

    def add(self, rule: Rule, added: Iterable[Term]) -> None:
        """Note the predicates and classes of what a run of a rule added."""
        keys: set[Term | None] = {*added, TYPE, None} if added else set()
        self._known |= keys
        self._entries.append((rule.name in _CLOSED, keys))


def _occurs(store: Store, key: Term | None) -> bool:
    """Tell whether a store uses a predicate or class; None stands for any."""
    if not isinstance(key, NamedNode):
        return True
    patterns = ((None, key, None), (None, TYPE, key))
    return any(next(store.quads_for_pattern(*pattern), None) for pattern in patterns)


def explain(store: Readable, rules: tuple[Rule, ...], triple: Triple) -> list[Step]:
    """Give every one-step derivation of a triple from the triples in the store."""
    steps = []
    for rule in rules:
        bound = _unify(rule.head, triple) if rule.head else None
        if bound is not None:
            for axioms, premises, _ in _matches(store, rule, bound):
                if triple not in premises:
                    steps.append(Step(rule.name, axioms, premises))
    return steps


def inconsistencies(store: Readable, rules: tuple[Rule, ...]) -> list[Inconsistency]:
    """Give every contradiction among the triples in the store."""
    return [
        Inconsistency(rule.name, axioms, individuals, premises)
        for rule in rules
        if rule.head is None
        for axioms, premises, individuals in _matches(store, rule, {})
    ]


def _unify(head: Pattern, triple: Triple) -> dict[Variable, Term] | None:
    """Give the values of a head's variables that make it the triple, or None."""
    bound: dict[Variable, Term] = {}
    for part, term in zip(head, triple, strict=True):
        if (bound.setdefault(part, term) if isinstance(part, Variable) else part) != term:
            return None
    return bound


def _ground(pattern: Pattern, solution: QuerySolution) -> Triple:
    """Give a pattern with its variables replaced."""
    terms = [solution[part] if isinstance(part, Variable) else part for part in pattern]
    return Triple(cast("NamedNode", terms[0]), cast("NamedNode", terms[1]), terms[2])


Found: TypeAlias = tuple[tuple[Axiom, ...], tuple[Triple, ...], tuple[Term, ...]]


def _matches(store: Readable, rule: Rule, bound: dict[Variable, Term]) -> Iterator[Found]:
    """Give the axioms, the ground body and the individuals of each match of a rule with some variables bound."""
    found = store.query(rule.select(), use_default_graph_as_union=True, substitutions=bound)
    for solution in cast("QuerySolutions", found):
        row = rule.rows[int(solution["row"].value)]
        premises = tuple(_ground(pattern, solution) for pattern in rule.body)
        places = (part for pattern in rule.body for part in (pattern[0], pattern[2]) if isinstance(part, Variable))
        terms = (solution[part] for part in places if part not in rule.variables)
        ends = (term for premise in premises for term in (premise.subject, premise.object))
        yield row.axioms, premises, tuple(dict.fromkeys(terms)) or tuple(t for t in ends if not isinstance(t, Literal))
