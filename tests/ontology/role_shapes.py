"""Write the shapes of roles anew: in ontology/shapes.ttl, what each role takes is what its range in the ontology says.

    python -m tests.ontology.role_shapes

SHACL Core cannot speak of all properties below another, and a constraint in SPARQL would more than double the time
of a check. So these shapes are made, between two lines of the file, and a test holds that they are up to date.
"""

from __future__ import annotations

from typing import NamedTuple

from pyoxigraph import RdfFormat, Store

from compas_graph.namespaces import compact
from compas_graph.store import select
from tests import ROOT

SHAPES = ROOT / "ontology" / "shapes.ttl"
HEAD = "# --- Roles: made by 'python -m tests.ontology.role_shapes' from the ontology ---\n"
TAIL = "# --- Qualification ---\n"


class Role(NamedTuple):
    """A property that says in what part an assertion speaks of an entity, with its range, as Turtle and in words."""

    name: str
    words: str
    kind: str
    kind_words: str
    definition: str


def roles() -> list[Role]:
    """Return the roles that any assertion can have, in order; some kinds of reading have roles of their own."""
    store = Store()
    store.load(path=ROOT / "ontology" / "compas.ttl", format=RdfFormat.TURTLE)
    rows = select(
        store,
        """SELECT ?role ?label ?range ?kind ?definition WHERE {
          ?role rdfs:subPropertyOf+ cg:involves ; rdfs:label ?label ; rdfs:range ?range .
          ?range rdfs:label ?kind ; skos:definition ?definition .
          FILTER NOT EXISTS { ?role rdfs:domain/rdfs:subClassOf* cg:Reading }
        }""",
    )
    return sorted(
        Role(
            compact(row["role"].value).removeprefix("cg:"),
            row["label"].value.removeprefix("has "),
            compact(row["range"].value),
            row["kind"].value,
            row["definition"].value,
        )
        for row in rows
    )


def section(found: list[Role]) -> str:
    """Return the shapes of roles: of each what it takes, and that a claim has one."""
    listed = " , ".join(f"cgs:AssertionShape-{role.name}" for role in found)
    paths = " ".join(f"cg:{role.name}" for role in found)
    return "\n".join(
        [
            f"cgs:AssertionShape sh:property {listed} .\n",
            *map(_shape, found),
            f"""cgs:ClaimShape-involves a sh:PropertyShape ;
    sh:path [ sh:alternativePath ( {paths} ) ] ;
    sh:minCount 1 ;
    sh:message "A claim speaks of at least one entity."@en ;
    sh:severity sh:Violation .
""",
        ]
    )


def _shape(role: Role) -> str:
    article = "an" if role.kind_words[0] in "aeiou" else "a"
    meaning = role.definition[0].lower() + role.definition[1:]
    return f"""cgs:AssertionShape-{role.name} a sh:PropertyShape ;
    sh:path cg:{role.name} ;
    sh:class {role.kind} ;
    sh:message "What has the role of {role.words} is {article} {role.kind_words}: {meaning}"@en ;
    sh:severity sh:Violation .
"""


def renewed(text: str) -> str:
    """Return the text of the shapes with those of roles made anew."""
    before, rest = text.split(HEAD)
    return f"{before}{HEAD}\n{section(roles())}\n{TAIL}{rest.split(TAIL, 1)[1]}"


if __name__ == "__main__":
    SHAPES.write_text(renewed(SHAPES.read_text("utf-8")), "utf-8")
