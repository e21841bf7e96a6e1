"""Everything that is installed here has a licence that we may pass on, the tools too."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions

#: SPDX names, and what older packages write in their place.
ACCEPTED = {
    "Apache-2.0",
    "Apache-2.0 OR BSD-2-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "MIT",
    "MPL-2.0",
    "PSF-2.0",
    "Apache Software License",
    "BSD License",
    "MIT License",
    "Mozilla Public License 2.0 (MPL 2.0)",
}


def licences(distribution: Distribution) -> set[str]:
    """What a distribution says of itself: an expression, or failing that classifiers, or a field for people."""
    said = distribution.metadata.get_all("License-Expression") or [
        classifier.rpartition(" :: ")[2]
        for classifier in distribution.metadata.get_all("Classifier") or []
        if classifier.startswith("License :: ")
    ]
    return set(said or distribution.metadata.get_all("License") or [])


def test_every_package_has_an_accepted_licence() -> None:
    found = {distribution.name: licences(distribution) for distribution in distributions()}
    assert "httpx" in found
    assert {name: said for name, said in found.items() if not said or not said <= ACCEPTED} == {}
