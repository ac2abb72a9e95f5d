"""Names of files as people and other systems make them, and the list of kinds."""

import pytest

from engine.domain.attachment import LONGEST_NAME, ending, file_name, read_types, shown_name
from engine.kernel.errors import Invalid
from engine.paths import stock_dir


@pytest.mark.parametrize(
    "name", ["营业执照.pdf", "𠮷野家㼆.pdf", "a b.PDF", "<b>&amp;.pdf", "'; --"]
)
def test_a_name_that_can_be_read_stays_as_it_was_given(name):
    assert shown_name(f" {name} ") == name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("photo\u202efdp.exe", "photo[U+202E]fdp.exe"),
        ("a\x00b\r\nc.pdf", "a[U+0000]b[U+000D][U+000A]c.pdf"),
        ("half\ud842.pdf", "half[U+D842].pdf"),
        ("\u2066x\u2069.pdf", "[U+2066]x[U+2069].pdf"),
    ],
)
def test_what_cannot_be_seen_is_written_out(given, shown):
    assert shown_name(given) == shown


def test_five_hundred_letters_are_a_name_and_one_more_is_not():
    assert len(shown_name("长" * LONGEST_NAME)) == LONGEST_NAME
    for given in ("", "  ", "长" * (LONGEST_NAME + 1)):
        with pytest.raises(Invalid) as caught:
            shown_name(given)
        assert caught.value.code == "attachment.name"


@pytest.mark.parametrize(
    ("shown", "kept"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\windows\\x.pdf", "C__windows_x.pdf"),
        ('a"b*?.pdf', "a_b__.pdf"),
        ("...", "_"),
        ("𠮷.pdf", "𠮷.pdf"),
    ],
)
def test_a_file_is_kept_under_a_name_without_folders(shown, kept):
    assert file_name(shown) == kept


def test_the_ending_is_what_stands_behind_the_last_dot():
    assert [ending(one) for one in ("a.PDF", "a.tar.gz", "pdf", ".pdf", "a.pdf ")] == [
        "pdf",
        "gz",
        "",
        "",
        "pdf",
    ]


def test_the_list_of_kinds_is_data():
    text = (stock_dir("rules/files") / "types.csv").read_text(encoding="utf-8-sig")
    types = read_types(text)
    assert set(types) == {"pdf", "jpeg", "png", "ofd", "docx", "xlsx"}
    assert types["jpeg"].endings == ("jpg", "jpeg")
    assert {one.code for one in types.values() if one.preview} == {"pdf", "jpeg", "png"}
    assert all(one.largest >= 1024 * 1024 and one.name and one.name_en for one in types.values())


HEAD = "type,name,name_en,endings,media_type,largest_mb,preview\n"


@pytest.mark.parametrize(
    "row",
    [
        "program,程序,program,exe,application/x-msdownload,1,0",
        "markup,网页,page,html,text/html,1,1",
        "pdf,PDF,PDF,pdf,application/pdf,viel,1",
        "pdf,PDF,PDF,pdf,application/pdf,0,1",
        "pdf,PDF,PDF,,application/pdf,1,1",
        "pdf,PDF",
    ],
)
def test_a_list_that_names_a_program_or_cannot_be_read_is_refused_with_its_line(row):
    with pytest.raises(Invalid) as caught:
        read_types(f"{HEAD}png,PNG,PNG,png,image/png,1,1\n{row}\n")
    assert (caught.value.code, caught.value.params["line"]) == ("attachment.types", 3)
