"""CITATION.cff in the forms of others. `make citation` writes codemeta.json and .zenodo.json."""

import functools
import json

import yaml

from tools.notebooks.chapters import ROOT


@functools.cache
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


def codemeta(cited):
    """For software registries: https://codemeta.github.io."""
    return {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": cited["title"],
        "description": cited["abstract"],
        "version": cited["version"],
        "datePublished": cited["date-released"].isoformat(),
        "author": [{"@type": "Organization", "name": author["name"]} for author in cited["authors"]],
        "license": [f"https://spdx.org/licenses/{name}" for name in cited["license"]],
        "keywords": cited["keywords"],
        "programmingLanguage": "Python",
    }


def zenodo(cited):
    """For an archive at https://zenodo.org, which takes one licence."""
    first, *others = cited["license"]
    return {
        "title": cited["title"],
        "description": cited["abstract"],
        "upload_type": cited["type"],
        "version": cited["version"],
        "publication_date": cited["date-released"].isoformat(),
        "creators": [{"name": author["name"]} for author in cited["authors"]],
        "license": first,
        "notes": f"Text and figures: {', '.join(others)}",
        "keywords": cited["keywords"],
        "related_identifiers": [{"identifier": one["url"], "relation": "references"} for one in cited["references"]],
    }


def files():
    """{name of a file: its text}."""
    forms = {"codemeta.json": codemeta, ".zenodo.json": zenodo}
    return {name: json.dumps(form(citation()), indent=2, ensure_ascii=False) + "\n" for name, form in forms.items()}


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).write_text(text, "utf-8")
