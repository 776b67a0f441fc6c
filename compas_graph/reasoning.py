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

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Store,
    Triple,
    Variable,
)

from compas_graph.axioms import Axiom, Ontology, Term
from compas_graph.owl import SAME, TYPE, UnsupportedAxiomError, vocabulary
from compas_graph.rules import Clause, Part, Pattern, clauses

__all__ = [
    "Inconsistency", "Row", "Rule", "Step", "UnsupportedAxiomError",
    "axiom_text", "axioms_of", "compile_rules", "explain", "inconsistencies", "infer",
]  # fmt: skip


class Row(NamedTuple):
    """The constants of one axiom, in the order of the rule's variables, and where they come from."""

    values: tuple[Term, ...]
    axioms: tuple[Axiom, ...]


class Rule(NamedTuple):
    """A W3C rule with the axioms it applies: patterns, what they imply (None: a contradiction), a table."""

    name: str
    body: tuple[Pattern, ...]
    head: Pattern | None
    distinct: tuple[tuple[Part, Part], ...]
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]

    def where(self, rows: Iterable[Row] | None = None) -> str:
        """Give the body as SPARQL, with the table of these rows (default: all)."""
        table = " ".join(f"({' '.join(map(str, row.values))})" for row in (self.rows if rows is None else rows))
        values = f"VALUES ({_text(self.variables)}) {{ {table} }} " if self.variables else ""
        return values + self._patterns()

    def construct(self, rows: Iterable[Row] | None = None) -> str:
        """Give the query for the triples that follow."""
        head = _text(self.head) if self.head else ""
        return f"CONSTRUCT {{ {head} }} WHERE {{ {self.where(rows)} }}"

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


def axiom_text(axioms: tuple[Axiom, ...]) -> str:
    """Write axioms in one line, each anonymous class by its definition in brackets."""
    inner: dict[Term, Axiom] = {axiom[0]: axiom[1:] for axiom in axioms if isinstance(axiom[0], BlankNode)}

    def write(term: Term, depth: int = 9) -> str:
        if term in inner and depth:
            return f"({' '.join(write(part, depth - 1) for part in inner[term])})"
        return str(term)

    shown = [axiom for axiom in axioms if axiom[0] not in inner] or axioms[:1]
    return "; ".join(" ".join(map(write, axiom)) for axiom in shown)


def axioms_of(store: Store) -> Iterator[Quad]:
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
    equal = dict(clause.equal)
    if any(equal[variable] != value for variable, value in clause.equal) or clause.head in clause.body:
        return None
    names: dict[Part, Variable] = {}
    columns: dict[Part, Variable] = {}
    constants: list[Term] = []

    def lift(part: Part, place: int) -> Part:
        term: Part = equal.get(part, part) if isinstance(part, Variable) else part
        if isinstance(term, Variable):
            return names.setdefault(term, Variable(f"x{len(names)}"))
        if place == 1 and term in (TYPE, SAME):
            return term
        if isinstance(term, BlankNode) or (place == 1 and not isinstance(term, NamedNode)):
            raise UnsupportedAxiomError(clause.axioms[0][0], clause.axioms[0][1], f"{term} has no IRI; give it one")
        if term not in columns:
            columns[term] = Variable(f"c{len(columns)}")
            constants.append(term)
        return columns[term]

    def lift_all(pattern: Pattern) -> Pattern:
        subject, predicate, value = pattern
        return lift(subject, 0), lift(predicate, 1), lift(value, 2)

    body = tuple(map(lift_all, clause.body))
    bound = set(names)
    head = lift_all(clause.head) if clause.head else None
    if set(names) != bound:
        raise UnsupportedAxiomError(clause.axioms[0][0], clause.axioms[0][1], "it speaks of everything; name a class")
    distinct = tuple((names[one], names.get(other, other)) for one, other in clause.distinct if one in names)
    shape = (clause.name, body, head, distinct, tuple(columns.values()))
    return shape, Row(tuple(constants), clause.axioms)


def _refuse_same_terms(ontology: Ontology, rules: tuple[Rule, ...]) -> None:
    """Raise if owl:sameAs is stated of a class or property of the rules."""
    terms = {value for rule in rules for row in rule.rows for value in _keys(rule, row)}
    for pair in ontology.pairs(SAME):
        for term in terms.intersection(pair):
            raise UnsupportedAxiomError(
                cast("Term", term), SAME, "use owl:equivalentClass or owl:equivalentProperty for terms"
            )


def _keys(rule: Rule, row: Row) -> frozenset[Part | None]:
    """Give the predicates and classes that a row's body asks for; None stands for any predicate."""
    values: dict[Part, Term] = dict(zip(rule.variables, row.values, strict=True))
    keys: set[Part | None] = set()
    for _, predicate, value in rule.body:
        asked = values.get(value, value) if predicate == TYPE else values.get(predicate, predicate)
        keys.add(
            None
            if isinstance(asked, Variable) and predicate != TYPE
            else TYPE
            if isinstance(asked, Variable)
            else asked
        )
    return frozenset(keys)


_CLOSED = frozenset(("cax-sco", "cax-eqc1", "cax-eqc2", "cls-uni", "cls-int2", "prp-spo1", "prp-eqp1"))
"""Rules whose tables are closed: what one of them derives never needs another of them."""


def infer(store: Store, rules: tuple[Rule, ...], into: NamedNode) -> int:
    """Write all that follows and is in no graph yet into the graph `into`, and give its number of triples.

    A rule runs over the whole store once; then only its rows whose predicates or classes were added
    since, and where its body is one pattern, only over what was added.
    """
    deriving = [(rule, [(row, _keys(rule, row)) for row in rule.rows]) for rule in rules if rule.head]
    log = _Log()
    last_run: dict[int, int] = {}
    total, busy = 0, True
    while busy:
        busy = False
        for number, (rule, table) in enumerate(deriving):
            recent = log.since(last_run.get(number), rule.name in _CLOSED)
            rows = [row for row, keys in table if recent is None or not keys.isdisjoint(recent)]
            if not rows:
                continue
            last_run[number] = log.time
            if recent is None or len(rule.body) > 1:
                added = _run(store, store, rule, rows, into)
            else:
                delta = Store()
                wanted = {key for row, keys in table for key in keys} & recent.keys()
                delta.bulk_extend(Quad(*triple) for key in wanted for triple in recent[key])
                added = _run(store, delta, rule, rows, into)
            log.add(added, rule.name in _CLOSED)
            total, busy = total + len(added), busy or bool(added)
    return total


def _run(store: Store, among: Store, rule: Rule, rows: list[Row], into: NamedNode) -> set[Triple]:
    """Run some rows of a rule over a store or a part of it, keep what is new, and give it."""
    found = among.query(rule.construct(rows), use_default_graph_as_union=True)
    added = {
        triple
        for triple in set(cast("QueryTriples", found))
        if next(store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None), None) is None
    }
    store.extend(Quad(triple.subject, triple.predicate, triple.object, into) for triple in added)
    return added


class _Log:
    """What was added when, by predicate and by class, apart for rules whose tables are closed."""

    def __init__(self) -> None:
        self.time = 0
        self._entries: list[tuple[bool, dict[Part | None, list[Triple]]]] = []

    def add(self, added: set[Triple], closed: bool) -> None:
        """Note what one run added."""
        entry: dict[Part | None, list[Triple]] = {}
        for triple in added:
            entry.setdefault(triple.predicate, []).append(triple)
        for triple in entry.get(TYPE, ()):
            entry.setdefault(triple.object, []).append(triple)
        if added:
            entry[None] = []
        self._entries.append((closed, entry))
        self.time = len(self._entries)

    def since(self, time: int | None, closed: bool) -> dict[Part | None, list[Triple]] | None:
        """Give what was added since a time, None if there is no time; for a closed rule only what others added."""
        if time is None:
            return None
        recent: dict[Part | None, list[Triple]] = {}
        for by_closed, entry in self._entries[time:]:
            if not (closed and by_closed):
                for key, triples in entry.items():
                    recent.setdefault(key, []).extend(triples)
        return recent


def explain(store: Store, rules: tuple[Rule, ...], triple: Triple) -> list[Step]:
    """Give every one-step derivation of a triple from the triples in the store."""
    steps = []
    for rule in rules:
        bound = _unify(rule.head, triple) if rule.head else None
        if bound is not None:
            for axioms, premises, _ in _matches(store, rule, bound):
                if triple not in premises:
                    steps.append(Step(rule.name, axioms, premises))
    return steps


def inconsistencies(store: Store, rules: tuple[Rule, ...]) -> list[Inconsistency]:
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


def _matches(store: Store, rule: Rule, bound: dict[Variable, Term]) -> Iterator[Found]:
    """Give the axioms, the ground body and the individuals of each match of a rule with some variables bound."""
    found = store.query(rule.select(), use_default_graph_as_union=True, substitutions=bound)
    for solution in cast("QuerySolutions", found):
        row = rule.rows[int(solution["row"].value)]
        premises = tuple(_ground(pattern, solution) for pattern in rule.body)
        places = (part for pattern in rule.body for part in (pattern[0], pattern[2]) if isinstance(part, Variable))
        terms = (solution[part] for part in places if part not in rule.variables)
        ends = (term for premise in premises for term in (premise.subject, premise.object))
        yield row.axioms, premises, tuple(dict.fromkeys(terms)) or tuple(t for t in ends if not isinstance(t, Literal))
