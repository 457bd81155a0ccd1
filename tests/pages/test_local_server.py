import urllib.error
import urllib.request

import pytest

from campaign.pages.local_server import header_rules, hosting


@pytest.fixture
def frozen(tmp_path):
    (tmp_path / "mikita").mkdir()
    (tmp_path / "index.html").write_text("<html><head></head><body>campaigns</body></html>")
    (tmp_path / "mikita" / "index.html").write_text("<html><head></head><body>Mikita</body></html>")
    (tmp_path / "404.html").write_text("<html><head></head><body>no such page</body></html>")
    (tmp_path / "_headers").write_text(
        "# all\n/*\n  X-Content-Type-Options: nosniff\n/static/*\n  Cache-Control: immutable\n"
    )
    return tmp_path


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.status, answer.headers, answer.read().decode()


def test_a_folder_is_answered_with_its_index(frozen):
    with hosting(frozen) as origin:
        status, headers, body = get(f"{origin}/mikita/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Mikita" in body


def test_a_folder_without_its_slash_is_redirected(frozen):
    with hosting(frozen) as origin, urllib.request.urlopen(f"{origin}/mikita", timeout=5) as answer:
        assert answer.url == f"{origin}/mikita/"


def test_an_unknown_page_is_404_in_the_sites_own_words(frozen):
    with hosting(frozen) as origin, pytest.raises(urllib.error.HTTPError) as caught:
        get(f"{origin}/nowhere/")
    with caught.value as answer:
        assert answer.code == 404
        assert "no such page" in answer.read().decode()


@pytest.mark.parametrize("path", ["/../secret", "/%2e%2e/secret", "/mikita/../../secret"])
def test_no_path_leaves_the_folder(frozen, path):
    (frozen.parent / "secret").write_text("keep out")
    with hosting(frozen) as origin, pytest.raises(urllib.error.HTTPError) as caught:
        get(origin + path)
    with caught.value as answer:
        assert "keep out" not in answer.read().decode()


def test_the_headers_file_is_obeyed_by_path(frozen):
    assert header_rules(frozen, "/mikita/") == [("X-Content-Type-Options", "nosniff")]
    assert ("Cache-Control", "immutable") in header_rules(frozen, "/static/page.css")
    with hosting(frozen) as origin:
        assert get(origin)[1]["X-Content-Type-Options"] == "nosniff"
