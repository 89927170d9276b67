"""A formula as MathML, or why it is none."""

import pytest

from press.book.mathml import mathml


@pytest.mark.parametrize(
    "tex, expected",
    [
        (r"\mathbf{W}_1", "<msub><mi>𝐖</mi><mn>1</mn></msub>"),
        (r"(-1)", '<mo lspace="0" rspace="0">−</mo><mn>1</mn>'),
        (r"\max_j o_j", "<msub><mrow><mspace/><mi>max</mi></mrow><mi>j</mi></msub>"),
        (r"\operatorname{one\_hot}(y)", "<mi>one_hot</mi></mrow><mo>&ApplyFunction;</mo>"),
        (
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            '<mtd class="right"></mtd><mtd class="left"><mo>=</mo><mi>c</mi></mtd>',
        ),
        (r"\begin{cases} a & b \end{cases}", '<mtd class="left"><mi>a</mi></mtd><mtd class="left apart"><mi>b</mi></mtd>'),
        (r"x < y", "<mo>&lt;</mo>"),
        (r"I\!R", "<mspace/><mi>R</mi>"),
    ],
)
def test_formula(tex, expected):
    assert expected in mathml(tex)


@pytest.mark.parametrize("tex, why", [(r"\nosuchthing x", "Unknown command"), (r"\frac{1", "closing"), (r"\left( x", "closing")])
def test_a_formula_that_can_not_be_translated_raises(tex, why):
    with pytest.raises(ValueError, match=why):
        mathml(tex)
