from cxnlp.preparation import Preparation
from cxnlp.records import Landed, Prepared, Segment


def landed(text, question=None, hint=None):
    return Landed("survey:1", "abc", text, question, hint)


def prepared(*feedback):
    return Preparation().prepare(feedback)


def test_gives_language_and_segments():
    text = "Tilaaminen oli helppoa mutta palautus yhtä tuskaa"
    [result] = prepared(landed(text, "Miten meni?"))
    assert result == Prepared(
        feedback_id="survey:1",
        revision="abc",
        text=text,
        question="Miten meni?",
        language="fi",
        language_confidence=result.language_confidence,
        segments=(Segment(0, 22), Segment(23, 49)),
    )
    assert result.language_confidence > 0.99


def test_none_is_left_out_and_the_order_stays():
    texts = ["Hyvä palvelu", "👍", "Great service", "12", "..."]
    assert [result.text for result in prepared(*map(landed, texts))] == texts


def test_nothing_gives_nothing():
    assert prepared() == []


def test_the_hint_decides():
    [result] = prepared(landed("Thank you", hint="fi"))
    assert (result.language, result.language_confidence) == ("fi", 1.0)


def test_an_answer_that_tells_no_language_is_in_that_of_its_question():
    [result] = prepared(landed("Top", "Miten voisimme parantaa palvelua?"))
    assert (result.language, result.language_confidence) == ("fi", 0.5)


def test_a_question_does_not_make_figures_and_emoji_a_language():
    results = prepared(landed("10/10", "Miten meni?"), landed("👍", "Miten meni?"))
    assert [result.language for result in results] == ["und", "und"]


def test_a_question_does_not_outvote_its_answer():
    [result] = prepared(landed("The staff were very helpful", "Miten meni?"))
    assert result.language == "en"
