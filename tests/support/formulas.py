"""Evaluate the formulas that the chapters display: LaTeX in, the value of each side of an equation out.

Letters of a subscript are indices (of the arrays that `names` holds), digits belong to the name: `W_{2,jk}` is names["W2"][j, k].
What stands side by side is multiplied; matrices as matrices. A derivative `\\frac{\\partial l}{\\partial o_j}` goes by the name
dl/do, what `\\mathbf{w} \\leftarrow` gives by neww. Raises KeyError for a name that `names` lacks.
"""

import itertools
import re

import numpy as np

TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\d+(?:\.\d+)?|[^\s]")
SPACING = r"\\[,;!]|\\(?:left|right|textstyle|quad)(?![a-zA-Z])|(?<=\d)\{,\}(?=\d)"


def equations(tex):
    """The equations of a displayed formula, each as the list of its sides, without what is only said beside them."""
    tex = re.sub(r"\\(?:begin|end)\{aligned\}", "", re.sub(SPACING, " ", tex))
    tex = re.sub(r"\\underbrace\{(.*?)\}_\{(?:[^{}]|\{[^{}]*\})*\}", r"\1", tex)
    tex = re.sub(r"\\mathbf\{(\w)\} \\leftarrow", r"\\mathbf{new\1} =", tex)
    for row in re.split(r"\\\\|\\qquad", tex):
        row = re.sub(r"\\in\b.*", "", "".join(row.split("&")[:2])).strip().rstrip(".,").strip()
        depths = np.cumsum([(sign in "([{") - (sign in ")]}") for sign in row])
        cuts = [i for i, sign in enumerate(row) if sign == "=" and depths[i] == 0]
        sides = [row[i:j].strip("= ") for i, j in zip([0, *cuts], [*cuts, len(row)])]
        if len(sides) > 1 and not re.match(r"\([\w, ]+\)", sides[0]):
            yield sides


def values(sides, names, sizes):
    """The values of the sides of an equation, one array each, over all values of the indices that stand free in it."""
    bound = set(re.findall(r"\\(?:sum|max)_\{?(\w)", " ".join(sides)))
    free = sorted(set(re.findall(r"_\{?(?:\d,)?([a-z]+)", " ".join(sides))) - bound)
    free = sorted({letter for letters in free for letter in letters if letter in sizes} - bound)
    for side in sides:
        yield np.array(
            [
                Reader(side, {**names, **dict(zip(free, at))}, sizes).everything()
                for at in itertools.product(*(range(sizes[letter]) for letter in free))
            ]
        )


class Reader:
    """Reads an expression from left to right, and computes it on the way."""

    def __init__(self, tex, names, sizes):
        self.tokens, self.names, self.sizes = TOKEN.findall(tex), names, sizes

    def everything(self):
        result = self.sum()
        if self.tokens:
            raise ValueError(f"{self.tokens} is left over")
        return result

    def next(self):
        return self.tokens[0] if self.tokens else ""

    def group(self):
        """The tokens in braces, brackets or parentheses that come next, or the one token."""
        if self.next() not in ("{", "(", "["):
            return [self.tokens.pop(0)]
        depth = 0
        for end, token in enumerate(self.tokens):
            depth += (token in "{([") - (token in "})]")
            if depth == 0:
                inside, self.tokens = self.tokens[1:end], self.tokens[end + 1 :]
                return inside
        raise ValueError("a bracket is not closed")

    def inner(self, tokens, **names):
        return Reader(" ".join(tokens), {**self.names, **names}, self.sizes).everything()

    def sum(self):
        sign = -1 if self.next() == "-" and self.tokens.pop(0) else 1
        total = sign * self.product()
        while self.next() in ("+", "-"):
            total = total + self.product() if self.tokens.pop(0) == "+" else total - self.product()
        return total

    def product(self):
        result = self.power()
        while self.tokens and self.next() not in ("+", "-", ",", ">", "<", "="):
            sign = self.next() in ("\\odot", "\\cdot", "/") and self.tokens.pop(0)
            other = self.power() if sign != "/" else 1 / self.power()
            matrices = np.ndim(result) >= 1 and np.ndim(other) == 2 and not sign
            result = result @ other if matrices else result * other
        return result

    def power(self):
        base = self.atom()
        while self.next() == "^":
            self.tokens.pop(0)
            exponent = self.group()
            base = base.T if exponent == ["\\top"] else base ** self.inner(exponent)
        return base

    def atom(self):
        token = self.tokens.pop(0)
        if re.match(r"\d", token):
            return float(token)
        if token in "([{":
            self.tokens.insert(0, token)
            return self.inner(self.group())
        if token in ("\\ln", "\\log", "\\tanh", "\\exp"):
            return getattr(np, token[1:].replace("ln", "log"))(self.product())
        if token == "\\sqrt":
            return np.sqrt(self.inner(self.group()))
        if token in ("\\sum", "\\max") and self.next() == "_":
            self.tokens.pop(0)
            index = self.group()[0]
            if self.next() == "^":
                self.tokens = self.tokens[1:]
                self.group()
            readers = [Reader(" ".join(self.tokens), {**self.names, index: at}, self.sizes) for at in range(self.sizes[index])]
            results = [reader.product() for reader in readers]
            self.tokens = readers[0].tokens
            return sum(results) if token == "\\sum" else max(results)
        if token == "\\max":
            first, second = " ".join(self.group()).split(" , ")
            return np.maximum(self.inner(first.split()), self.inner(second.split()))
        if token == "\\mathbb" and self.group() == ["1"]:
            left, sign, right = re.split(r" ([=>]) ", " ".join(self.group()))
            left, right = self.inner(left.split()), self.inner(right.split())
            return 1.0 * (left == right if sign == "=" else left > right)
        if token == "\\frac":
            above, below = self.group(), self.group()
            if above[0] == below[0] == "\\partial":
                readers = [Reader(" ".join(part[1:]), self.names, self.sizes) for part in (above, below)]
                name = "/".join("d" + reader.name(reader.tokens.pop(0)) for reader in readers)
                self.tokens = [*readers[0].tokens, *readers[1].tokens, *self.tokens]
                return self.entry(name)
            return self.inner(above) / self.inner(below)
        if token == "\\operatorname":
            name = "".join(self.group()).replace("\\_", "_")
            return self.names[name](self.inner(self.group()))
        return self.entry(self.name(token))

    def name(self, token):
        if token in ("\\mathbf", "\\hat", "\\mathrm", "\\text"):
            name = "".join(self.group()) + {"\\hat": "_hat"}.get(token, "")
            return name + self.name(self.tokens.pop(0)) if token == "\\mathrm" else name
        return token.strip("\\")

    def entry(self, name):
        """A variable, or the entry of an array that the subscript names."""
        if self.next() != "_":
            return np.e if name == "e" else self.names[name]
        self.tokens.pop(0)
        subscript = self.group()
        name += "".join(part for part in subscript if part.isdigit())
        at = tuple(self.names[part] for part in subscript if part.isalpha())
        return self.names[name][at] if at else self.names[name]
