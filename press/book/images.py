"""Images in a page: their sizes, and the elements for those that move or can be taken in the hand. Wide tables scroll."""

import posixpath
import re
from pathlib import Path
from urllib.parse import quote

from imagesize import get as image_size
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

LOG = logging.getLogger(__name__)
NARROW = 530  # pixels: beside such a picture there is room for its caption
PHONE = "(max-width: 42rem)"


class Translator(HTML5Translator):
    has_image = False

    def visit_image(self, node):
        """Write the image with its size, to avoid a layout shift; all images but a page's first are loaded lazily."""
        if node["uri"] not in self.builder.images:
            LOG.warning("%s is no image of this book", node["uri"], location=node)
            return
        width, height = image_size(Path(self.builder.srcdir, node["uri"]))
        if width <= 0:
            LOG.warning("the size of %s is unknown", node["uri"], location=node)
        if not node.get("alt", "").strip():
            LOG.warning("an image has no alternative text", location=node)
        if "width" in node:
            wanted = float(node["width"].removesuffix("px"))
            width, height = wanted, height * wanted / width
        uri = posixpath.join(self.builder.imgpath, quote(self.builder.images[node["uri"]]))
        lazy = {"loading": "lazy"} if self.has_image else {"fetchpriority": "high"}
        self.has_image = True
        size = {"width": round(width), "height": round(height)}
        narrow = {"CLASS": "narrow"} if width <= NARROW else {}
        image = self.emptytag(node, "img", "\n", src=uri, alt=node.get("alt", ""), **size, **lazy, **narrow)
        if "narrow" in node:  # a book's own extension may write it
            image = self.with_narrow(image, node["narrow"])
        self.body.append(self.in_the_hand(image, node["uri"]) or as_animation(image, Path(self.builder.srcdir, node["uri"])))

    def depart_image(self, node):
        pass

    def with_narrow(self, image, uri):
        """The image, and for a phone the picture with that address."""
        name = self.builder.images[uri] = self.builder.env.images[uri][1]
        width, height = image_size(Path(self.builder.srcdir, uri))
        address = posixpath.join(self.builder.imgpath, quote(name))
        source = f'<source media="{PHONE}" srcset="{address}" width="{width}" height="{height}">'
        return f"<picture>{source}{image}</picture>"

    def in_the_hand(self, image, uri):
        """A stored picture images/hand-NAME.svg, for a phone its narrow one, in the element for hand/kit.js; None for others."""
        name = re.fullmatch(r".*/hand-(\w+)\.svg", uri)
        if name is None:
            return None
        narrow = f"hand-{name[1]}-narrow.svg"
        self.builder.images[posixpath.join(posixpath.dirname(uri), narrow)] = narrow  # Sphinx copies what stands there
        source = f'<source media="{PHONE}" srcset="{posixpath.join(self.builder.imgpath, narrow)}">'
        return (
            f'<div class="hand" data-hand="{name[1]}"><picture>{source}{image}</picture></div><div class="hand-controls"></div>\n'
        )

    def visit_table(self, node):
        self.body.append('<div class="scrolls">')
        super().visit_table(node)

    def depart_table(self, node):
        super().depart_table(node)
        self.body.append("</div>\n")


def as_animation(image, path):
    """The image, or, if it is the strip of an animation, the image in the element for animation.js."""
    source = path.read_text("utf-8") if path.suffix == ".svg" else ""
    strip = re.search(r'<g id="animation-(\d+)-(\d+)">', source)
    if not strip:
        return image
    frames = "|".join(re.findall(r'<g id="frame: ([^"]*)">', source))
    animation = f'class="animation" data-columns="{strip[1]}" data-rows="{strip[2]}" data-frames="{frames}"'
    return f'<div {animation}>{image}</div><div class="animation-controls"></div>\n'
