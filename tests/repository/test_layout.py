"""The tests lie as the package lies."""

from __future__ import annotations

from tests import ROOT

OF_NO_MODULE = {
    "test_withdrawn.py": "what becomes of a claim that was withdrawn, in every part of the program",
    "checks/test_fuzz.py": "what any file may do to the whole of a check",
}
"""Files that are not named after a module, and what they are about."""


def test_a_file_of_tests_has_the_name_and_the_place_of_the_module_that_it_tests() -> None:
    """No exception is listed in vain."""
    here = ROOT / "tests" / "unit"
    found = {path.relative_to(here) for path in here.rglob("test_*.py")}
    package = ROOT / "compas_graph"
    modules = {path: package / path.with_name(path.name.removeprefix("test_")) for path in found}
    strays = {path.as_posix() for path, of in modules.items() if not of.is_file() and not of.with_suffix("").is_dir()}
    assert len(found) > 30
    assert strays == set(OF_NO_MODULE)
