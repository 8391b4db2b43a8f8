from dataclasses import replace

import pytest

from cxnlp.errors import DataError
from cxnlp.training.sides import TEST_IDS
from cxnlp.training.split import fold, group_records, near_twins, read_test_ids, split_records


@pytest.fixture(scope="module")
def split(corpus, labels):
    return split_records(corpus, read_test_ids(labels / TEST_IDS))


def test_every_record_is_on_one_side(corpus, split):
    sides = [*split.train, *split.validation, *split.test, *split.held_back]
    assert sorted(sides) == list(range(len(corpus)))
    assert 0.06 < len(split.validation) / len(corpus) < 0.12
    assert len(split.test) / len(corpus) > 0.05


def test_no_held_out_text_has_a_twin_in_training(corpus, split):
    train = {fold(corpus[i].text) for i in split.train}
    assert not train & {fold(corpus[i].text) for i in split.test}
    scored = {*split.test, *split.held_back}
    sides = {i: side for side in ("train", "validation") for i in getattr(split, side)}
    for one, other in near_twins([record.text for record in corpus]):
        assert sides.get(one) == sides.get(other)
        assert (one in scored) == (other in scored)


def test_a_contrast_set_stays_on_one_side(corpus, split):
    train, validation, test = (
        {corpus[i].pair for i in side} - {None} for side in (split.train, split.validation, split.test)
    )
    assert all((train, validation, test))
    assert not train & validation
    assert not (train | validation) & test


def test_the_frozen_ids_are_the_test_side(corpus, split, labels):
    frozen = read_test_ids(labels / TEST_IDS)
    assert {corpus[i].id for i in split.test} == frozen & {record.id for record in corpus}
    assert len(frozen) > 900


def test_new_records_like_a_held_out_one_are_held_back(corpus, labels, split):
    twin = replace(corpus[split.test[0]], id="new-1", text=corpus[split.test[0]].text.upper() + "!")
    divided = split_records([*corpus, twin], read_test_ids(labels / TEST_IDS))
    assert divided.held_back == (*split.held_back, len(corpus))
    assert divided.test == split.test


def test_without_frozen_ids_the_split_is_the_same_on_every_run(corpus):
    assert split_records(corpus[:1000]) == split_records(corpus[:1000])


def test_renderings_and_near_copies_share_a_group(corpus):
    one = corpus[0]
    long = "Tilasin kengät verkkokaupasta maanantaina ja ne tulivat perille jo keskiviikkona, hienoa toimintaa."
    records = [
        replace(one, id="x-1", text=long),
        replace(one, id="x-2", text=long.replace("maanantaina", "tiistaina")),
        replace(one, id="x-3", text="Something else altogether, said about the parking place."),
        replace(one, id="x-3-fi", text="Jotain aivan muuta parkkipaikasta."),
        replace(one, id="x-4", text="👍"),
        replace(one, id="x-5", text="👎"),
    ]
    assert group_records(records) == (0, 0, 2, 2, 4, 5)


def test_a_short_text_within_a_long_one_is_no_twin():
    assert list(near_twins(["hyvä palvelu", "hyvä palvelu mutta muuten kaikki meni aivan pieleen tällä kertaa"])) == []


def test_labels_too_few_to_split_are_refused(corpus):
    with pytest.raises(DataError, match="1 labelled records split into"):
        split_records(corpus[:1])
