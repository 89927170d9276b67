"""The colours of the roles in formulas, listings and names in the text: a parameter looks there as it does in figures."""

import re

# What stands for a value, a parameter, a gradient: names in listings and in the text, and the beginnings of symbols in MathML.
NAMES = {
    "value": '">[XHO]</span>',
    "parameter": '">(?:[Wb][12]?|params?)</span>',
    "gradient": '">(?:d(?:[XZHOlWb][12]?)|grad)</span>',
}
SYMBOLS = {
    "gradient": [
        r'(<mi)(?= mathvariant="normal">d</mi></mrow>)',
        r"(?<=>d</mi></mrow>)(<m\w+)",
        r"(<mfrac)(?=><m\w+><m[io][^>]*>∂)",
        "(<mi)(?=>𝐠</mi>)",
    ],
    "parameter": ["(<msub)(?=><mi>[𝐖𝐛Wb]</mi>)", "(<mi)(?=>[𝐖𝐛Wb]</mi>)"],
}
STYLE = "".join(f".{role} {{ color: var(--{role}); }} " for role in NAMES) + ".gradient > * { color: inherit; }\n"


def coloured(body):
    """A page's HTML in which these have the class of their role."""
    for role, name in NAMES.items():
        body = re.sub(f'(<span class="(?:n|pre))(?={name})', rf"\1 {role}", body)
    for role, beginnings in SYMBOLS.items():
        for beginning in beginnings:
            body = re.sub(beginning, rf'\1 class="{role}"', body)
    return body
