"""What stands on a page of the gallery beside the pictures: the lines that made them, and their facts."""

from generator.commands.gallery import cut_directive, flatten_facts


def test_a_directive_ends_at_its_own_colons():
    lines = ["", "::::{figure} dot", ":size: 1", ":::", "::::", "after"]
    assert cut_directive(lines, 2) == "::::{figure} dot\n:size: 1\n:::\n::::"


def test_facts_are_named_as_a_lecture_quotes_them():
    facts = {"shape": {"height": 1234, "share": 0.25}, "exact": True, "row": [-1, 0.5], "long": "x" * 500}
    told = dict(flatten_facts(facts))
    assert told["shape.height"] == "1,234"
    assert told["exact"] == "yes"
    assert told["row"] == "[−1, 0.5]"
    assert told["long"].endswith("x…")
