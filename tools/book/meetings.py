"""On the page of misconceptions, below each of them: links to what asks for it."""

from html import escape

from docutils import nodes

from tools.notebooks.misconceptions import PAGE, met, slug


def list_meetings(doctree, name, address):
    """Add a list of links to each misconception; address(page) is a page's."""
    places = met() if name == PAGE else {}
    for item in doctree.findall(nodes.list_item):
        if name == PAGE:
            links = [link(address, *place) for place in places[slug(item.next_node(nodes.strong).astext())]]
            item.append(nodes.raw("", f"<ul>{''.join(f'<li>{it}</li>' for it in links)}</ul>" * bool(links), format="html"))


def link(address, path, line, heading):
    place = f"{address(f'chapters/{path.stem}')}#{nodes.make_id(heading)}"
    return f'<a href="{place}">{int(path.stem[:2])}: {escape(heading if line == "a listing" else line)}</a>'
