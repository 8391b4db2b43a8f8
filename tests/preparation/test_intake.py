import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.preparation import Intake, pseudonym
from cxnlp.records import Feedback, Location, Reason, Received, Rejection

KEY = b"a key for tests only"


@pytest.fixture
def intake():
    return Intake("survey", key=KEY)


def received(text="Hyvä palvelu", row=1, file="a.csv", **values):
    return Received(Location(file, row), text, **values)


def test_lands_every_field(intake):
    feedback = intake.take(
        received(
            own_id="r-1",
            created_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            customer_ref="C-1",
            voice="employee",
            journey="osto",
            touchpoint="kassa",
            channel="web",
            owner="myynti",
            question="Miten meni?",
            nps=9,
            ces=2,
            ces_version="2.0",
            csat=4,
            resolved_first_contact=True,
            language_hint="fi",
            attributes={"kaupunki": "Oulu"},
        )
    )
    assert feedback == Feedback(
        feedback_id="survey:r-1",
        revision=feedback.revision,
        source="survey",
        location=Location("a.csv", 1),
        text="Hyvä palvelu",
        created_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        customer_ref=pseudonym("C-1", KEY),
        voice="employee",
        journey="osto",
        touchpoint="kassa",
        channel="web",
        owner="myynti",
        question="Miten meni?",
        nps=9,
        ces=2,
        ces_version="2.0",
        csat=4,
        resolved_first_contact=True,
        language_hint="fi",
        attributes={"kaupunki": "Oulu"},
    )
    assert len(feedback.revision) == 16


def test_no_personal_data_is_left_in_any_field(intake):
    secret = "131052-9085"
    feedback = intake.take(
        received(
            f"Hetu {secret}",
            own_id=secret,
            customer_ref=secret,
            journey=secret,
            touchpoint=secret,
            channel=secret,
            owner=secret,
            question=secret,
            language_hint=secret,
            attributes={"lisätieto": secret},
        )
    )
    assert feedback.text == "Hetu [HETU]"
    assert feedback.feedback_id == f"survey:{pseudonym(secret, KEY)}"
    assert feedback.customer_ref == pseudonym(secret, KEY)
    assert secret not in json.dumps(asdict(feedback), ensure_ascii=False, default=str)


def test_repairs_every_text_before_masking(intake):
    feedback = intake.take(
        received("hyvÃ¤Ã¤ 040\u200b1234567", question=" Mit&auml;? ", attributes={"tiimi": "myynti\x00"})
    )
    assert (feedback.text, feedback.question) == ("hyvää [PHONE]", "Mitä?")
    assert feedback.attributes == {"tiimi": "myynti"}


def test_blank_values_count_as_missing(intake):
    feedback = intake.take(received(own_id="  ", customer_ref=" ", question="\u200b", channel=""))
    assert (feedback.customer_ref, feedback.question, feedback.channel) == (None, None, None)
    assert len(feedback.feedback_id) == len("survey:") + 32


@pytest.mark.parametrize("text", ["", "   ", "\x00\x07", "\u200b\ufeff\n\t", "<p></p>&nbsp;"])
def test_rejects_text_that_says_nothing(intake, text):
    rejection = intake.take(received(text, row=7))
    assert rejection == Rejection("survey", Location("a.csv", 7), Reason.EMPTY_TEXT, "text", rejection.detail)


def test_rejects_text_that_is_too_long():
    rejection = Intake("survey", key=KEY, max_characters=10).take(received("x" * 11))
    assert (rejection.reason, rejection.column) == (Reason.TEXT_TOO_LONG, "text")
    assert rejection.detail == (
        "11 characters, 10 are allowed. Raise preparation.max_characters or split the record, then run: "
        "cxnlp rejected replay"
    )


def test_length_counts_after_repair():
    feedback = Intake("survey", key=KEY, max_characters=10).take(received("<b>kymmenen..</b>" + " " * 20))
    assert feedback.text == "kymmenen.."


def test_a_megabyte_is_refused(intake):
    rejection = intake.take(received("Ã¤<" * 400_000))
    assert rejection.reason is Reason.TEXT_TOO_LONG
    assert rejection.detail.startswith("1200000 characters, 20000 are allowed.")


def test_another_value_that_is_too_long_is_named():
    intake = Intake("survey", key=KEY, max_characters=20)
    assert intake.take(received(question="x" * 21)).column == "question"
    assert intake.take(received(attributes={"a": "x" * 500})).column == "attributes"


def test_an_own_id_with_personal_data_or_without_end_is_hashed(intake):
    for own_id in ("maija@example.com", "131052-909X", "0401234567", "nro 040 123 4567", "x" * 201, "x" * 1_000_000):
        assert intake.take(received(own_id=own_id)).feedback_id == f"survey:{pseudonym(own_id, KEY)}"


def test_digits_within_a_longer_code_are_no_personal_data(intake):
    for own_id in ("tp-687fb978e5ac7ce088277282", "e050bb9b-b213-b551-377c-0616750362c0"):
        assert intake.take(received(own_id=own_id)).feedback_id == f"survey:{own_id}"


def test_equal_rows_without_id_are_both_kept(intake):
    first, second = intake.take(received(row=1)), intake.take(received(row=2))
    assert first.feedback_id != second.feedback_id
    assert first.revision == second.revision


def test_the_same_file_under_another_name_gives_the_same_ids(intake):
    rows = [received(text, row=row) for row, text in enumerate(["hyvä", "huono", "hyvä"], start=1)]
    once = [intake.take(row).feedback_id for row in rows]
    again = [intake.take(replace(row, location=Location("b.csv", row.location.row))).feedback_id for row in rows]
    assert once == again
    assert len(set(once)) == 3


def test_ids_and_revisions_are_the_same_on_every_run():
    taken = Intake("survey", key=KEY).take(received(nps=9, attributes={"b": "2", "a": "1"}))
    again = Intake("survey", key=KEY).take(received(nps=9, attributes={"a": "1", "b": "2"}, row=5, file="z.csv"))
    assert (taken.feedback_id, taken.revision) == (again.feedback_id, again.revision)


def test_the_same_moment_in_another_time_zone_is_no_change():
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    revisions = {
        Intake("survey", key=KEY).take(received(own_id="1", created_at=created_at)).revision
        for created_at in (moment, moment.astimezone(timezone(timedelta(hours=2))))
    }
    assert len(revisions) == 1


@pytest.mark.parametrize(
    "change",
    [{"text": "Huono palvelu"}, {"nps": 0}, {"channel": "web"}, {"attributes": {"a": "1"}}, {"voice": "process"}],
)
def test_a_corrected_record_keeps_its_id_and_gets_a_new_revision(intake, change):
    before = intake.take(received(own_id="1"))
    after = intake.take(received(**{"own_id": "1", "file": "b.csv", **change}))
    assert after.feedback_id == before.feedback_id
    assert after.revision != before.revision


def test_an_id_that_comes_twice_with_other_content_is_rejected(intake):
    intake.take(received(own_id="1", row=2))
    rejection = intake.take(received("Muu", own_id="1", row=9))
    assert (rejection.reason, rejection.column, rejection.location.row) == (Reason.DUPLICATE_ID, "own_id", 9)
    assert rejection.detail.startswith("Row 2 of the same file has the same id and other content.")


def test_an_id_that_comes_twice_with_the_same_content_is_taken_again(intake):
    assert intake.take(received(own_id="1", row=2)).revision == intake.take(received(own_id="1", row=3)).revision


def test_an_id_may_come_again_in_another_file(intake):
    intake.take(received(own_id="1"))
    assert isinstance(intake.take(received("Muu", own_id="1", file="b.csv")), Feedback)


def test_no_rejection_shows_the_feedback():
    intake = Intake("survey", key=KEY, max_characters=20)
    intake.take(received("salaisuus", own_id="x"))
    rejections = [intake.take(received("salaisuus" * 9)), intake.take(received("toinen salaisuus", own_id="x"))]
    assert not any("salaisuus" in rejection.detail for rejection in rejections)


def test_refuses_an_empty_key_and_a_senseless_limit():
    with pytest.raises(ConfigurationError, match="key for pseudonyms is empty"):
        Intake("survey", key=b"")
    with pytest.raises(ConfigurationError, match="max_characters is 0"):
        Intake("survey", key=KEY, max_characters=0)
