import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cxnlp.errors import ConfigurationError
from cxnlp.preparation import pseudonym, read_key


def test_makes_a_key_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "secret" / "key"
    key = read_key(path)
    assert len(bytes.fromhex(key.decode())) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_reads_the_same_key_again(tmp_path):
    assert read_key(tmp_path / "key") == read_key(tmp_path / "key")


def test_makes_another_key_elsewhere(tmp_path):
    assert read_key(tmp_path / "one") != read_key(tmp_path / "other")


def test_those_that_come_at_once_get_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_key(tmp_path / "key"), range(32)))
    assert len(keys) == 1


def test_the_environment_comes_before_the_file(tmp_path):
    assert read_key(tmp_path / "key", "sixteen bytes !!") == b"sixteen bytes !!"
    assert not (tmp_path / "key").exists()


def test_the_same_key_may_stand_in_the_environment_or_the_file(tmp_path):
    key = read_key(tmp_path / "key")
    assert read_key(tmp_path / "none", (tmp_path / "key").read_text()) == key


@pytest.mark.parametrize("value", ["", "   ", None])
def test_an_empty_variable_counts_as_none(tmp_path, value):
    assert read_key(tmp_path / "key", value) == read_key(tmp_path / "key")


def test_refuses_a_short_key_in_the_environment(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        read_key(tmp_path / "key", "short")
    assert str(caught.value).startswith("The key in the environment variable has 5 bytes; at least 16 are needed")
    assert "short" not in str(caught.value)


def test_refuses_a_short_key_in_the_file(tmp_path):
    (tmp_path / "key").write_text("short\n")
    with pytest.raises(ConfigurationError, match=r"The key in .*key has 5 bytes; at least 16 are needed"):
        read_key(tmp_path / "key")


def test_refuses_a_folder_in_place_of_the_file(tmp_path):
    with pytest.raises(ConfigurationError, match=r"cannot be read or made \(Is a directory\)"):
        read_key(tmp_path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_refuses_a_file_it_may_not_read(tmp_path):
    (tmp_path / "key").write_text("k" * 32)
    (tmp_path / "key").chmod(0)
    with pytest.raises(ConfigurationError, match="cannot be read or made"):
        read_key(tmp_path / "key")


def test_a_pseudonym_is_a_keyed_hash():
    # The test case 2 of RFC 4231, cut to 32 characters.
    assert pseudonym("what do ya want for nothing?", b"Jefe") == "5bdcc146bf60754e6a042426089575c7"


def test_another_key_gives_another_pseudonym():
    assert pseudonym("C-1", b"k" * 16) != pseudonym("C-1", b"l" * 16)
