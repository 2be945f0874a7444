"""The font of formulas, cut to what a page needs: signs that no text names, and shapes that only features reach."""

from io import BytesIO
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont

from generator.html import head
from generator.html.head import font_faces, make_font_subset


def cut(characters: str) -> TTFont:
    return TTFont(BytesIO(make_font_subset(head._math_font(), characters)))


@pytest.mark.parametrize("markup", ["<msqrt><mi>x</mi></msqrt>", "<mroot><mi>x</mi><mn>3</mn></mroot>"])
def test_a_root_brings_its_sign(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, str] = {}
    monkeypatch.setattr(head, "cut_font", lambda path, characters: asked.setdefault(path.name, characters).encode())
    font_faces(f"<math>{markup}</math>")
    assert "√" in asked["STIXTwoMath-Regular.ttf"]


@pytest.mark.parametrize("arrow", ["→", "↔", "↦", "←"])
def test_an_arrow_can_be_stretched(arrow: str) -> None:
    variants = cut(arrow)["MATH"].table.MathVariants
    (construction,) = variants.HorizGlyphConstruction
    parts = construction.GlyphAssembly.PartRecords
    joints = [min(left.EndConnectorLength, right.StartConnectorLength) for left, right in pairwise(parts)]
    assert min(joints) >= variants.MinConnectorOverlap


def test_primes_and_script_letters_keep_their_shapes() -> None:
    features = {record.FeatureTag for record in cut("′ℱxi")["GSUB"].table.FeatureList.FeatureRecord}
    assert {"ss01", "ss04", "ssty"} <= features
