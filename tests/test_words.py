"""Words into numbers and back: the bands of both scales, their edges and their gaps."""

from __future__ import annotations

import pytest

from rivals.words import (
    SCALES,
    parse_firmness,
    parse_number,
    parse_probability,
    parse_quantity,
    read_words,
    word_for,
)

ICD203 = {
    "almost no chance": 0.03,
    "very unlikely": 0.125,
    "unlikely": 0.325,
    "roughly even chance": 0.5,
    "likely": 0.675,
    "very likely": 0.875,
    "almost certain": 0.97,
}
SECOND_ROW = {
    "remote": 0.03,
    "highly improbable": 0.125,
    "improbable": 0.325,
    "roughly even odds": 0.5,
    "probable": 0.675,
    "highly probable": 0.875,
    "nearly certain": 0.97,
}
PHIA = {
    "remote chance": 0.025,
    "highly unlikely": 0.15,
    "unlikely": 0.3,
    "realistic possibility": 0.45,
    "likely": 0.65,
    "highly likely": 0.85,
    "almost certain": 0.975,
}
# Where one word ends and the next begins: the edges of bands that touch, the middles of the gaps.
TURNS = {
    "icd203": (0.05, 0.20, 0.45, 0.55, 0.80, 0.95),
    "phia": (0.075, 0.225, 0.375, 0.525, 0.775, 0.925),
}


@pytest.mark.parametrize(
    ("scale", "terms"), [("icd203", ICD203), ("icd203", SECOND_ROW), ("phia", PHIA)]
)
def test_a_word_is_read_as_the_middle_of_its_band(scale: str, terms: dict[str, float]) -> None:
    read = {word: parse_probability(word, scale) for word in terms}

    assert read == pytest.approx(terms, rel=0, abs=1e-12)


def test_a_scale_reads_its_own_terms_and_no_others() -> None:
    assert set(read_words("icd203")) == {*ICD203, *SECOND_ROW}
    assert set(read_words("phia")) == set(PHIA)


@pytest.mark.parametrize("scale", SCALES)
def test_a_word_names_the_probability_that_it_is_read_as(scale: str) -> None:
    said = [word_for(band.middle, scale) for band in SCALES[scale]]

    assert said == [band.word for band in SCALES[scale]]


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("step", range(6))
def test_a_turn_belongs_to_the_word_above_it(scale: str, step: int) -> None:
    turn, words = TURNS[scale][step], [band.word for band in SCALES[scale]]

    assert word_for(turn, scale) == words[step + 1]
    assert word_for(turn - 1e-9, scale) == words[step]


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.05, "remote chance"),
        (0.10, "highly unlikely"),
        (0.20, "highly unlikely"),
        (0.25, "unlikely"),
        (0.35, "unlikely"),
        (0.50, "realistic possibility"),
        (0.75, "likely"),
        (0.90, "highly likely"),
    ],
)
def test_in_a_gap_the_nearer_band_speaks(p: float, word: str) -> None:
    assert word_for(p, "phia") == word


@pytest.mark.parametrize("scale", SCALES)
def test_the_outermost_bands_reach_0_and_1(scale: str) -> None:
    words = [band.word for band in SCALES[scale]]

    assert word_for(0.0, scale) == words[0]
    assert word_for(1.0, scale) == words[-1]


@pytest.mark.parametrize(
    ("text", "p"),
    [
        ("0.3", 0.3),
        (".3", 0.3),
        ("1", 1.0),
        ("3e-1", 0.3),
        ("30%", 0.3),
        ("30 %", 0.3),
        ("0.5%", 0.005),
        ("100%", 1.0),
        ("1/3", 1 / 3),
        (" 2 / 8 ", 0.25),
        ("0/5", 0.0),
        ("Very  Likely", 0.875),
    ],
)
def test_a_probability_is_a_number_a_percentage_a_fraction_or_a_word(text: str, p: float) -> None:
    assert parse_probability(text) == pytest.approx(p, rel=0, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1.2", "between 0 and 1"),
        ("-0.1", "between 0 and 1"),
        ("101%", "between 0 and 1"),
        ("3/2", "between 0 and 1"),
        ("1/0", "divided by 0"),
        ("nan", "got 'nan'"),
        ("inf", "got 'inf'"),
        ("1e999", "got '1e999'"),
        ("1_0", "got '1_0'"),
        ("0x1", "got '0x1'"),
        ("1/2/3", "got '2/3'"),
        ("50%%", "got '50%'"),
        ("", "got ''"),
        ("likley", "did you mean 'likely'"),
    ],
)
def test_what_is_no_probability_is_told_with_what_was_got(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_probability(text)


def test_the_second_row_is_no_part_of_the_other_scale() -> None:
    with pytest.raises(ValueError, match=r"got 'improbable'; words .* \(phia\): remote chance, "):
        parse_probability("improbable", "phia")


def test_a_word_of_both_scales_is_read_by_the_one_that_is_asked() -> None:
    assert parse_probability("likely", "icd203") == 0.675
    assert parse_probability("likely", "phia") == 0.65


def test_a_quantity_may_be_of_any_size() -> None:
    assert parse_quantity("250%", "icd203") == 2.5
    assert parse_quantity("7/2", "icd203") == 3.5
    assert parse_quantity("40", "icd203") == 40.0


def test_a_number_is_finite_and_plain() -> None:
    assert parse_number("-2.5e2") == -250.0
    for text in ("nan", "1e400", "one", "1,5"):
        with pytest.raises(ValueError, match="number was expected"):
            parse_number(text)


@pytest.mark.parametrize(
    ("text", "n"), [("low", 5), ("medium", 20), ("high", 100), (" High ", 100), ("0.5", 0.5)]
)
def test_firmness_is_a_word_or_an_equivalent_sample_size(text: str, n: float) -> None:
    assert parse_firmness(text) == n


@pytest.mark.parametrize("text", ["0", "-5", "nan", "inf", "firm", ""])
def test_what_is_no_firmness_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=f"above 0, got '{text}'"):
        parse_firmness(text)
