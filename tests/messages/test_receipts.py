"""Receipts: what supporters wrote down is known by every later version of the program."""

from __future__ import annotations

from campaign.messages import receipts


def test_a_code_and_its_digest_are_the_same_in_every_version():
    code = receipts.code("a key", "t1")
    assert code == "tg2u-buor-tfpa-izjj-4i6l-xcl6"
    assert receipts.digest(code) == "bf48bfd5e543eeb923d536da439dfde7c04c3222dc1da5e9742b260739a9e2da"


def test_a_code_typed_on_a_cyrillic_keyboard_is_the_same():
    assert receipts.digest("АЕОР-сухі-кмт2") == receipts.digest("aeop-cyxi-kmt2")


def test_a_post_sent_again_after_an_upgrade_is_still_the_same_words():
    stored = "1da458f26053582862c0a5ec83a8a595271d0ef1844f693320bffdebadf6fe2c"
    assert receipts.words_digest("a key", "Be well", "Ann") == stored
