"""Figures in a page: its letters, and a style in which each colour keeps its contrast, against the dark page instead of white."""

import re

PAGE, INK = "#15181d", "#e2e6ea"  # --page and --text of theme.css
LETTERS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"  # those of theme.css

TEXT = re.compile(
    r'<g id="(text_\d+)">(?:\s*<!--[^>]*-->)?\s*'
    r'<(?:g|text) (?:style="[^"]*?(?:fill: (#\w{6}))?")?[^>]*?(?:translate\(| x=")(-?[\d.]+)(?: |" y=")(-?[\d.]+)'
)


def luminance(colour):
    """The relative luminance of "#rrggbb", from 0 for black to 1 for white, as WCAG defines it."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour):
    """The red, green and blue light of "#rrggbb", each from 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def hexadecimal(light):
    """The inverse of `linear`."""
    parts = [12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in light]
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def contrast(first, second):
    """The contrast of two colours, from 1 to 21, as WCAG defines it."""
    darker, lighter = sorted(map(luminance, (first, second)))
    return (lighter + 0.05) / (darker + 0.05)


def dark_colour(colour):
    """The colour of the same hue with the contrast to the dark page that `colour` has to white, at most that of the text."""
    wanted = min(contrast(colour, "#ffffff") * (luminance(PAGE) + 0.05) - 0.05, luminance(INK))
    light = linear(colour)
    if luminance(colour) > 0:
        factor = min(wanted / luminance(colour), 1 / max(light))
        light = [factor * part for part in light]
    now = luminance(hexadecimal(light))
    if now < wanted:  # one component is at its maximum: mix with white for the rest
        light = [part + (1 - part) * (wanted - now) / (1 - now) for part in light]
    return hexadecimal(light)


def dark_style(svg):
    """The <style> element for an SVG, given as text, that is shown as an image on a dark page.

    White patches and white lines are background, and get the page's colour. A raster, such as a photograph, is not changed.
    """
    colours = sorted(set(re.findall(r'(?:fill|stroke)(?:: |=")(#[0-9a-f]{6})', svg)) - {"#ffffff"})
    rules = [f"svg{{fill:{INK}}}", f'[id^="patch_"]>[style*="fill: #ffffff"],[fill="#fff"]{{fill:{PAGE}!important}}']
    rules.append(f'[style*="stroke: #ffffff"]{{stroke:{PAGE}!important}}')
    rules += [f"#{name} *{{fill:{colour}!important}}" for name, colour in texts_on_rasters(svg).items()]
    for colour in colours:
        for part in ("fill", "stroke"):
            rules.append(f'[style*="{part}: {colour}"],[{part}="{colour}"]{{{part}:{dark_colour(colour)}!important}}')
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>"


def texts_on_rasters(svg):
    """{id: colour} of the texts on rasters: they keep their colour, because the raster keeps its own."""
    texts = {}
    for axes in re.split(r'(?=<g id="axes_)', svg)[1:]:
        frame = re.search(r'<g id="patch_\d+">\s*<path d="([^"]*)"', axes)
        if "<image" in axes and frame:
            numbers = [float(number) for number in re.findall(r"-?[\d.]+", frame[1])]
            xs, ys = numbers[::2], numbers[1::2]
            for name, style, x, y in TEXT.findall(axes):
                if min(xs) < float(x) < max(xs) and min(ys) < float(y) < max(ys):
                    texts[name] = style or "#000000"
    return texts


def for_a_page(svg):
    """A figure, an SVG given as text, in the letters of the page where it has letters, and with its style for dark pages."""
    svg = re.sub(r"font: (?:(\w+) )?([\d.]+px) [^;\"]*", lambda font: f"font-weight: {font[1] or 400}; font-size: {font[2]}", svg)
    needless = r' font-family: [^;"]*;?| font-family="[^"]*"| transform="rotate\(-0 [^"]*"|<metadata>.*?</metadata>'
    svg = re.sub(needless, "", svg, flags=re.DOTALL)
    return re.sub("<svg([^>]*)>", lambda tag: f'<svg font-family="{LETTERS}"{tag[1]}>{dark_style(svg)}', svg, count=1)
