"""A page is its main text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.reading import one, refusal

PARAGRAPH = "وأعادت المغرب علاقاتها الدبلوماسية مع دولة الاحتلال، في 10 ديسمبر، ضمن “أبراهام”"


def page(body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>العنوان</title>{head}</head><body>"
        '<nav><ul><li><a href="/">الرئيسية</a></li><li><a href="/x">اتصل بنا</a></li></ul></nav>'
        f"{body}<footer><p>جميع الحقوق محفوظة</p></footer></body></html>"
    )


def long_article(*extra: str) -> str:
    paragraphs = "".join(f"<p>{PARAGRAPH} {i}.</p>" for i in range(5))
    return f"<article><h1>تطبيع أم تحالف؟</h1>{paragraphs}{''.join(extra)}</article>"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "page.html"


def test_the_main_text_without_menu_and_footer(file: Path) -> None:
    file.write_text(page(long_article()), "utf-8")
    document = one(file)
    lines = document.text.split("\n")
    assert lines == ["تطبيع أم تحالف؟", *(f"{PARAGRAPH} {i}." for i in range(5))]
    assert document.id == "page"


def test_paragraphs_of_a_short_page_are_not_glued(file: Path) -> None:
    file.write_text(page("<article><h1>عنوان</h1><p>جملة أولى.</p><p>ثانية</p></article>"), "utf-8")
    assert one(file).text.split() == ["عنوان", "جملة", "أولى.", "ثانية"]


def test_characters_and_inline_marks(file: Path) -> None:
    body = long_article("<p>a &lt; b &amp; <b>غا</b>مق 👨‍👩‍👧 می‌خواهم &zwnj; e\u0301 الســلام</p>")
    file.write_text(page(body), "utf-8")
    assert one(file).text.endswith("a < b & غامق 👨‍👩‍👧 می‌خواهم \u200c é الســلام")


def test_what_a_page_says_of_itself(file: Path) -> None:
    head = (
        '<meta property="article:published_time" content="2022-10-01T12:00:00Z">'
        '<meta property="og:site_name" content="الموقع">'
    )
    file.write_text(page(long_article(), head), "utf-8")
    document = one(file)
    assert str(document.published) == "2022-10-01"
    assert document.meta["sitename"] == "الموقع"
    assert "تطبيع" in document.meta["title"] or document.meta["title"] == "العنوان"


@pytest.mark.parametrize("charset", ["windows-1256", "utf-8"])
def test_the_encoding_that_a_page_declares(file: Path, charset: str) -> None:
    body = page(long_article(), f'<meta charset="{charset}">').replace("“", '"').replace("”", '"')
    file.write_bytes(body.encode(charset))
    assert "الدبلوماسية" in one(file).text


def test_a_declaration_that_is_wrong_is_refused_with_its_place(file: Path) -> None:
    file.write_bytes(page(long_article(), '<meta charset="utf-8">').encode("utf-16-le"))
    assert "--encoding" in refusal(file).hint
    file.write_bytes(page(long_article(), '<meta charset="klingon">').encode())
    assert "'klingon'" in refusal(file).message
    assert one(file, encoding="utf-8").text


def test_xhtml_with_its_own_declaration(file: Path) -> None:
    file.write_text('<?xml version="1.0" encoding="utf-8"?>' + page(long_article()), "utf-8")
    assert "الدبلوماسية" in one(file).text


@pytest.mark.parametrize(
    ("html", "says"),
    [
        (page(""), "no main text"),
        ("<html><body><script>var x = 1;</script></body></html>", "no main text"),
        ("", "empty"),
        ("<!-- nothing -->", "empty"),
        ("<p>a\x00b</p>", "U+0000 at code point 4"),
    ],
)
def test_without_main_text_it_is_refused(file: Path, html: str, says: str) -> None:
    file.write_text(html, "utf-8")
    assert says in refusal(file).message


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\x0c", "&#1;", "\ufffe"])
def test_a_control_character_stops_neither_the_page_nor_the_run(file: Path, sign: str) -> None:
    file.write_text(page(long_article(f"<p>قبل {sign} می\u200cخواهم{sign}</p>")), "utf-8")
    document = one(file)
    assert document.text.split("\n")[1:6] == [f"{PARAGRAPH} {i}." for i in range(5)]
    assert "قبل" in document.text and "می\u200cخواهم" in document.text
