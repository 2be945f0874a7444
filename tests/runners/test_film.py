"""A film stops where there is a sentence to say, and its texts can be read."""

import pytest

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what Manim imports


@pytest.mark.parametrize(
    ("marks", "sentences", "counts"),
    [
        (0, 2, "0 marks and 2 sentences"),
        (2, 2, "2 marks and 2 sentences"),
        (4, 2, "4 marks and 2 sentences"),
        (1, 0, "1 mark and 0 sentences"),
        (0, 1, "0 marks and 1 sentence;"),
    ],
)
def test_a_film_whose_marks_do_not_fit_its_sentences_is_refused_with_both_numbers(marks, sentences, counts):
    from generator.runners.film import check_marks

    with pytest.raises(ValueError, match=f"the film has {counts}"):
        check_marks(marks, sentences)


def test_a_film_may_have_one_mark_more_than_sentences():
    from generator.runners.film import check_marks

    check_marks(3, 2)


def test_letters_that_the_font_of_films_lacks_are_named():
    from figures.parts.film import write

    with pytest.raises(ValueError, match="lacks 猫; write '猫 cat' in letters"):
        write("猫 cat", 0, 0, 20, "#000000")
