import random
import subprocess
import sys

import pytest

from cxnlp.records import Prepared, Segment
from cxnlp.taxonomy import KINDS

TEXTS = [
    ("fi", "Tilaaminen oli helppoa, mutta palautus oli todella hankalaa ja vei kolme viikkoa."),
    ("en", "The courier was friendly but the parcel came two weeks late."),
    ("fi", "Kiitos paljon nopeasta toimituksesta!"),
    ("fi", "Sovellus kaatuu joka kerta kun yritän kirjautua. Olen todella turhautunut."),
    ("en", "Easy to use website, found everything in a minute."),
    ("en", "Rude staff and a filthy waiting room. I will never come back."),
    ("fi", "Jouduin soittamaan neljä kertaa ja selittämään saman asian joka kerta alusta."),
    ("en", "Could you add evening appointments?"),
    ("fi", "👍"),
    ("en", "I was worried before the operation but felt completely safe in the nurses' hands."),
]


def labels(tagging, kind):
    return {tag.label for tag in tagging.tags if tag.kind == kind}


@pytest.mark.parametrize(
    ("language", "text", "kind", "label"),
    [
        ("fi", "Kiitos paljon nopeasta toimituksesta!", "emotion", "gratitude"),
        ("fi", "Kiitos paljon nopeasta toimituksesta!", "efficiency", "efficient"),
        ("fi", "Sovellus kaatuu joka kerta kun yritän kirjautua.", "topic", "digital"),
        ("fi", "Jouduin soittamaan neljä kertaa ja selittämään saman asian alusta joka kerta.", "effort", "hard"),
        ("fi", "Olen vihainen, laskutus meni taas pieleen.", "emotion", "anger"),
        ("fi", "Toimitus myöhästyi kaksi viikkoa.", "efficiency", "inefficient"),
        ("en", "Easy to use website, found everything in a minute.", "effort", "easy"),
        ("en", "The parcel came two weeks late.", "topic", "delivery"),
        ("en", "The nurses were kind and helpful.", "topic", "staff"),
        ("en", "I was so worried and afraid before the appointment.", "emotion", "worry"),
        ("en", "Much too expensive for what you get.", "topic", "price"),
        ("en", "Good service, thank you.", "intent", "praise"),
    ],
)
def test_a_plain_sentence_gets_its_plain_tag(tagger, prepare, language, text, kind, label):
    assert label in labels(tagger.tag([prepare(text, language)])[0], kind)


@pytest.mark.parametrize(
    ("language", "text", "sentiment"),
    [
        ("fi", "Aivan loistava palvelu, suosittelen kaikille!", "positive"),
        ("fi", "Surkea kokemus alusta loppuun, en tule enää.", "negative"),
        ("fi", "Ruoka oli hyvää, mutta tarjoilija oli töykeä.", "mixed"),
        ("en", "Absolutely wonderful, thank you all.", "positive"),
        ("en", "Terrible. Nothing worked and nobody cared.", "negative"),
        ("en", "Great food but the waiter was rude.", "mixed"),
    ],
)
def test_a_plain_sentence_gets_its_sentiment(tagger, prepare, language, text, sentiment):
    tagging = tagger.tag([prepare(text, language)])[0]
    assert tagging.sentiment == sentiment
    assert 0 < tagging.confidence <= 1
    if sentiment != "mixed":
        assert (tagging.sentiment_score > 0.5) == (sentiment == "positive")


def test_the_evidence_of_each_polarity_is_its_own_clause(tagger, prepare):
    text = TEXTS[0][1]
    tagging = tagger.tag([prepare(text)])[0]
    evidence = {tag.label: text[tag.start : tag.end] for tag in tagging.tags}
    assert "helppoa" in evidence["easy"]
    assert "hankalaa" not in evidence["easy"]
    assert "viikkoa" in evidence["inefficient"]
    assert "helppoa" not in evidence["inefficient"]


def test_tags_stand_by_kind_and_falling_probability(tagger, prepare):
    for tagging in tagger.tag([prepare(text, language) for language, text in TEXTS]):
        keys = [(KINDS.index(tag.kind), -tag.probability) for tag in tagging.tags]
        assert keys == sorted(keys)
        assert all(0 <= tag.probability <= 1 for tag in tagging.tags)
        assert labels(tagging, "intent")


def test_only_efficiency_has_an_aspect_and_always_has_one(tagger, prepare):
    tags = [tag for tagging in tagger.tag([prepare(text, lang) for lang, text in TEXTS]) for tag in tagging.tags]
    assert any(tag.kind == "efficiency" for tag in tags)
    assert all((tag.aspect is not None) == (tag.kind == "efficiency") for tag in tags)


def test_a_text_is_tagged_alike_whatever_stands_around_it(tagger, prepare):
    records = [prepare(text, language) for language, text in TEXTS]
    records.append(prepare("Odotin ja odotin, eikä kukaan kertonut mitään. " * 60))
    together = tagger.tag(records)
    alone = [tagger.tag([record])[0] for record in records]
    order = random.Random(7).sample(range(len(records)), len(records))
    shuffled = dict(zip(order, tagger.tag([records[i] for i in order]), strict=True))
    in_twos = list(tagger.tag_all(iter(records), batch=2))
    assert together == in_twos == [shuffled[i] for i in range(len(records))]
    for one, other in zip(together, alone, strict=True):
        assert [(tag.kind, tag.label, tag.aspect) for tag in one.tags] == [
            (tag.kind, tag.label, tag.aspect) for tag in other.tags
        ]
        assert one.sentiment == other.sentiment
        assert abs(one.confidence - other.confidence) < 1e-3


def test_every_language_but_finnish_and_english_needs_review(tagger, prepare):
    text = "👍 Kiitos!"
    assert not tagger.tag([prepare(text, "fi")])[0].needs_review
    assert tagger.tag([prepare(text, "sv")])[0].needs_review


def test_a_long_text_is_read_to_its_end(tagger, prepare):
    dull = "Kävin asioimassa tiistaina ja keskiviikkona. " * 80
    text = dull + "Tarjoilija oli töykeä ja ruoka oli kylmää."
    tagging = tagger.tag([prepare(text)])[0]
    assert all(0 <= tag.start < tag.end <= len(text) for tag in tagging.tags)
    assert tagging != tagger.tag([prepare(dull)])[0]


@pytest.mark.parametrize("text", ["👍👍👍", "?!", "1234567890", "\u200b", "a", "🙂" * 3000, "x" * 20_000])
def test_odd_texts_are_tagged(tagger, prepare, text):
    tagging = tagger.tag([prepare(text, "und")])[0]
    assert all(0 <= tag.start <= tag.end <= len(text) for tag in tagging.tags)


def test_a_segment_without_words_is_no_trouble(tagger):
    record = Prepared("id", "revision", "Hyvä palvelu  ", None, "fi", 1.0, (Segment(0, 12), Segment(13, 13)))
    tagging = tagger.tag([record])[0]
    assert tagging.sentiment == "positive"


def test_the_question_tells_what_a_short_answer_means(tagger, prepare):
    bare = tagger.tag([prepare("Nothing", "en")])[0]
    asked = tagger.tag([prepare("Nothing", "en", "How could we improve?")])[0]
    assert asked.sentiment_score > bare.sentiment_score


def test_no_records_give_no_taggings(tagger):
    assert tagger.tag([]) == []


def test_a_stream_is_tagged_as_it_comes(tagger, prepare):
    taken = []

    def stream():
        for language, text in TEXTS:
            taken.append(text)
            yield prepare(text, language)

    taggings = tagger.tag_all(stream(), batch=2)
    next(taggings)
    assert len(taken) == 2


def test_tagging_needs_no_training_package(models):
    code = (
        "import sys, pathlib; from cxnlp.classification import open_tagger\n"
        "from cxnlp.records import Prepared, Segment\n"
        f"tagger = open_tagger(pathlib.Path({str(models)!r}))\n"
        "tagger.tag([Prepared('1', '1', 'Good', None, 'en', 1.0, (Segment(0, 4),))])\n"
        "print(*sorted({'torch', 'sklearn', 'transformers', 'onnx', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
