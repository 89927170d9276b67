"""What is folded in a page: answers, cells that only assert, and the code of figures."""

from docutils import nodes


class Folded(nodes.General, nodes.Element):
    """A <details> element, whose first child is a Summary: it works by keyboard and without scripts."""


class Summary(nodes.General, nodes.TextElement):
    pass


def visit_folded(self, node):
    self.body.append(self.starttag(node, "details"))


def depart_folded(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", ""))


def depart_summary(self, node):
    self.body.append("</summary>\n")


def cells(doctree):
    return [cell for cell in doctree.findall(nodes.container) if "cell" in cell["classes"]]


def fold_admonitions(doctree):
    for box in [box for box in doctree.findall(nodes.admonition) if "dropdown" in box["classes"]]:
        title = Summary("", "", *box[0].children, classes=["admonition-title"])
        box.replace_self(Folded("", title, *box.children[1:], classes=["admonition", *box["classes"]], ids=box["ids"]))


def fold_checks(doctree):
    """Fold the cells that only assert. Their first line, "# Checked: ...", which says what is checked, becomes the summary."""
    for cell in cells(doctree):
        code = cell.next_node(nodes.literal_block)
        first = code.astext().partition("\n")[0] if code else ""
        if first.startswith("# Checked: "):
            summary = Summary("", first.removeprefix("# "))
            cell.replace_self(Folded("", summary, *cell.children, classes=["checked", *cell["classes"]]))


def fold_code_of_figures(doctree, shortest=5):
    """Put the code that only draws a figure below it, folded, if it has `shortest` lines or more.

    It stays open where the reader is to drag a number, and where the cell has the tag `idea`, because its code is worth reading.
    """
    for cell in cells(doctree):
        about = cell.get("cell_metadata", {})
        if "figure" not in about.get("mystnb", {}) or "drag" in about or "idea" in about.get("tags", []):
            continue
        source, code = cell[0], cell[0].next_node(nodes.literal_block)
        num_lines = len(code.astext().splitlines())
        if num_lines < shortest:
            continue
        cell["classes"].append("plot")
        place = source.index(code)
        source[place] = Folded("", Summary("", f"Code of the figure, {num_lines} lines"), code)
        cell.remove(source)
        cell.append(source)
