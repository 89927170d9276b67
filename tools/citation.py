"""CITATION.cff, and the form that Zenodo takes: `make citation` writes .zenodo.json."""

import functools
import json

import yaml

from press.notebooks.chapters import ROOT


@functools.cache
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))


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


def zenodo_file():
    return json.dumps(zenodo(citation()), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    (ROOT / ".zenodo.json").write_text(zenodo_file(), "utf-8")
