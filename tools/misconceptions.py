"""On the page of misconceptions, below each of them: links to what asks for it."""

from html import escape

from docutils import nodes

from press.notebooks.misconceptions import PAGE, met


def list_meetings(doctree, name, address):
    """Add its links to each misconception, known by its place, as a translation has other names; address(page) is a page's."""
    if name != PAGE:
        return
    for item, places in zip([*doctree.findall(nodes.list_item)], met().values()):
        links = "".join(f"<li>{link(address, *place)}</li>" for place in places)
        item.append(nodes.raw("", f"<ul>{links}</ul>" * bool(links), format="html"))


def link(address, path, line, heading):
    place = f"{address(f'chapters/{path.stem}')}#{nodes.make_id(heading)}"
    return f'<a href="{place}">{int(path.stem[:2])}: {escape(heading if line == "a listing" else line)}</a>'
