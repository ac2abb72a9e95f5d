"""The files of a case on its pages: added, looked at, taken home, removed, and what is refused."""

import io
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest

from engine.services import attachments, cases, endings, intake
from tests.engine.files import JPEG, PDF, PROGRAM, packed, png
from tests.story import application
from tests.webui.chromium import page, sign_in
from tests.webui.visitor import Visitor

ADDED = re.compile(r'id="file-([^"]+)"')


@pytest.fixture
def officer(cast):
    return cast.clerk(26)


@pytest.fixture
def person(app, officer):
    return Visitor(app, officer.account)


@pytest.fixture
def received(hall, officer):
    return intake.receive(hall, officer, application(hall))


@pytest.fixture
def case(received):
    return received.case


def at(case, *parts):
    return "/".join((f"/desk/cases/{case.id}/attachments", *parts))


def add(visitor, case, content=PDF, name="申请书.pdf", material="1"):
    file = (io.BytesIO(content), name)
    return visitor.post(at(case, "add"), {"material": material, "file": file})


def added(visitor, case, **more):
    """Add a file and return its id."""
    assert add(visitor, case, **more).status_code == 303
    return ADDED.findall(visitor.read(at(case)))[-1]


def test_a_case_without_files_says_so_and_offers_the_form(person, case):
    page = person.read(at(case))
    assert "还没有扫描件" in page
    assert page.index('class="verdict yes"') < page.index('enctype="multipart/form-data"')
    assert "PDF 文件、JPEG 图片" in page
    assert "合计不超过 50 MB" in page


def test_a_file_is_added_and_shown_with_who_and_when(person, officer, case):
    answer = add(person, case)
    assert answer.status_code == 303
    page = person.read(answer.headers["Location"])
    assert "文件已上传" in page
    for word in ("申请书.pdf", "PDF 文件", "1 KB", officer.name, "10-26", "预览", "下载", "移除"):
        assert word in page, word


def test_case_page_and_task_page_show_the_files_with_their_preview(person, received):
    case = received.case
    file = added(person, case)
    for path in (f"/desk/cases/{case.id}", f"/desk/tasks/{received.opened[0].id}"):
        page = person.read(path)
        assert f'href="{at(case, file, "preview")}"' in page
        assert "申请书.pdf" in page
    assert "上传文件“申请书.pdf”" in person.read(f"/desk/cases/{case.id}")


def test_a_paper_without_a_file_leads_to_the_form(person, case):
    added(person, case)
    page = person.read(at(case))
    bare = page[page.index('id="bare"') : page.index("desk-side")]
    assert at(case) + "?material=2#add" in bare
    assert "?material=1#add" not in bare
    assert '<option value="2" selected>' in page, "the next paper is offered first"


def test_the_link_of_a_paper_chooses_it_in_the_form(person, case):
    assert '<option value="3" selected>' in person.read(at(case) + "?material=3")


def test_a_download_is_kept_and_never_shown(person, case):
    file = added(person, case)
    answer = person.get(at(case, file))
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize(
    ("content", "name", "media"),
    [
        (PDF, "a.pdf", "application/pdf"),
        (png(), "a.png", "image/png"),
        (JPEG, "a.jpg", "image/jpeg"),
    ],
)
def test_a_preview_runs_nothing_and_is_framed_by_nobody(person, case, content, name, media):
    answer = person.get(at(case, added(person, case, content=content, name=name), "preview"))
    assert answer.data == content
    assert answer.headers["Content-Type"] == media
    assert answer.headers["Content-Disposition"].startswith("inline;")
    policy = answer.headers["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "sandbox"):
        assert part in policy
    assert "script-src" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_a_browser_cannot_show_is_given_out_instead(person, case):
    content = packed(OFD_xml="<OFD/>")
    file = added(person, case, content=content, name="版式.ofd")
    assert "预览" not in person.read(at(case))
    answer = person.get(at(case, file, "preview"))
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "name", ["𠮷㼆.pdf", "长" * 496 + ".pdf", "a;b'.pdf", "a%0d%0ab.pdf", "图 1 (副本).pdf"]
)
def test_any_name_is_shown_and_given_back_safely(person, case, name):
    file = added(person, case, name=name)
    assert ADDED.findall(person.read(at(case))) == [file]
    said = person.get(at(case, file)).headers["Content-Disposition"]
    assert said.isascii()
    plain, _mark, whole = said.partition("filename*=UTF-8''")
    assert plain == 'attachment; filename="file.pdf"; '
    assert unquote(whole) == name


def test_markup_steering_and_folders_in_a_name_do_nothing(person, hall, officer, case):
    for name in ("<img src=x onerror=alert(1)>.pdf", "合同\u202efdp.pdf", "../../../etc/x.pdf"):
        attachments.attach(hall, officer, case.id, 1 + len(name) % 3, name, io.BytesIO(PDF))
    page = person.read(at(case))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
    assert "\u202e" not in page
    assert "合同[U+202E]fdp.pdf" in page
    for file in ADDED.findall(page):
        said = unquote(person.get(at(case, file)).headers["Content-Disposition"])
        assert "/" not in said.partition("filename*=UTF-8''")[2]


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (PROGRAM, "申请书.pdf", "文件内容是“可执行程序”"),
        (b"<html><script>alert(1)</script>", "a.png", "文件内容是“网页”"),
        (PDF, "a.png", "文件内容是“PDF 文件”，文件名的后缀应为 pdf"),
        (b"", "a.pdf", "文件是空的"),
        (packed(word__document_xml=bytes(50_000_000)), "a.docx", "文件解压后过大"),
        (packed(word__x_docx=packed(a="b")), "a.docx", "文件里又有压缩包（word/x.docx）"),
        (b"PK\x03\x04 cut", "a.docx", "文件已损坏"),
        (PDF, "长" * 600 + ".pdf", "文件名须有 1 至 500 个字"),
        (PDF, " ", "文件名须有 1 至 500 个字"),
    ],
)
def test_a_refused_file_is_told_at_its_field_and_nothing_is_kept(person, case, content, name, told):
    answer = add(person, case, content, name, material="2")
    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert '<option value="2" selected>' in answer.text
    assert ADDED.findall(person.read(at(case))) == []


def test_of_several_files_the_refused_one_is_named_and_the_others_are_kept(person, case):
    sent = [("一.pdf", PDF), ("二.pdf", PROGRAM), ("三.png", png()), ("四.pdf", b"")]
    files = [(io.BytesIO(content), name) for name, content in sent]
    answer = person.post(at(case, "add"), {"material": "1", "file": files})
    assert answer.status_code == 422
    assert "“二.pdf”：文件内容是“可执行程序”" in answer.text
    assert "“四.pdf”：文件是空的" in answer.text
    page = person.read(at(case))
    assert len(ADDED.findall(page)) == 2
    assert "三.png" in page
    again = [(io.BytesIO(content), name) for name, content in (sent[0], sent[2])]
    assert person.post(at(case, "add"), {"material": "1", "file": again}).status_code == 303
    assert len(ADDED.findall(person.read(at(case)))) == 2, "sent again, it is there once"


def test_a_form_without_a_file_or_with_an_odd_paper_is_told(person, case):
    nothing = person.post(at(case, "add"), {"material": "1"})
    assert (nothing.status_code, "请选择要上传的文件" in nothing.text) == (422, True)
    for material in ("99", "x", ""):
        odd = add(person, case, material=material)
        assert odd.status_code == 422
        assert "没有编号为" in odd.text


def test_two_hundred_megabytes_are_refused_before_they_are_read(person, case):
    class Never(io.RawIOBase):
        def read(self, size=-1):
            raise AssertionError("nobody reads it")

    sent = {
        "wsgi.input": Never(),
        "CONTENT_LENGTH": str(200 * 1024 * 1024),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    answer = person.client.post(at(case, "add"), environ_overrides=sent)
    assert answer.status_code == 422
    assert "文件超过 50 MB，没有上传" in answer.text
    assert 'enctype="multipart/form-data"' in answer.text, "the page itself, with its form"


def test_a_form_that_does_not_say_its_length_is_cut_off(app, hall, person, case):
    small = replace(hall.rules.file_types["pdf"], largest=1000)
    app.extensions["hall"] = replace(hall, rules=replace(hall.rules, file_types={"pdf": small}))
    part = b'--x\r\nContent-Disposition: form-data; name="material"\r\n\r\n'
    sent = {
        "wsgi.input": io.BytesIO(part + bytes(200_000)),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    answer = person.client.post(at(case, "add"), environ_overrides=sent)
    assert answer.status_code == 413
    assert not hall.blobs.folder.exists()


def test_a_stranger_learns_nothing_from_a_large_file(visitor, case):
    sent = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    answer = visitor.client.post(at(case, "add"), environ_overrides=sent)
    assert answer.status_code == 303
    assert "/account/sign-in" in answer.headers["Location"]


def test_other_forms_stay_as_small_as_they_were(person, case):
    answer = person.post(f"/desk/cases/{case.id}/urge", {"text": "x" * 2_000_000})
    assert answer.status_code == 413


def test_removing_asks_why_and_keeps_the_record(person, hall, officer, case):
    file = added(person, case)
    empty = person.post(at(case, file, "remove"), {"reason": " "})
    assert empty.status_code == 422
    assert "请写明移除的原因" in empty.text
    assert "<details open>" in empty.text
    answer = person.post(at(case, file, "remove"), {"reason": "扫错了"})
    assert answer.status_code == 303
    page = person.read(answer.headers["Location"])
    assert "文件已移除，记录保留" in page
    assert ADDED.findall(page) == []
    assert person.get(at(case, file)).status_code == 404
    assert "申请书.pdf”：扫错了" in person.read(f"/desk/cases/{case.id}")
    assert person.post(at(case, file, "remove"), {"reason": "x"}).status_code == 404


def test_a_colleague_reads_and_does_not_remove(app, cast, person, case):
    file = added(person, case)
    chief = Visitor(app, cast.holder(26, "chief").account)
    page = chief.read(at(case))
    assert "申请书.pdf" in page
    assert at(case, file, "remove") not in page
    forged = chief.post(at(case, file, "remove"), {"reason": "x"})
    assert forged.status_code == 403
    assert "只有上传的人可以移除" in forged.text


def test_another_unit_sees_no_file(app, person, case):
    file = added(person, case)
    other = Visitor(app, "clerk54")
    for path in (at(case), at(case, file), at(case, file, "preview")):
        assert other.get(path).status_code == 403
    assert add(other, case).status_code == 403


def test_a_supervisor_reads_why_he_adds_nothing(app, person, case):
    added(person, case)
    page = Visitor(app, "supervisor1").read(at(case))
    assert "贵单位不参与办理这个办件" in page
    assert 'enctype="multipart/form-data"' not in page


def test_a_closed_case_says_so_and_a_forged_form_is_refused(person, hall, officer, case):
    endings.withdraw(hall, officer, case.id, "不办了", cases.case(hall, officer, case.id).case.rev)
    assert "办件已办结" in person.read(at(case))
    answer = add(person, case)
    assert answer.status_code == 403
    assert "未获准：办件已办结" in answer.text


def test_a_form_without_the_token_changes_nothing(person, case):
    data = {"material": "1", "file": (io.BytesIO(PDF), "a.pdf")}
    assert person.client.post(at(case, "add"), data=data).status_code == 403
    file = added(person, case)
    assert person.client.post(at(case, file, "remove"), data={"reason": "x"}).status_code == 403
    assert ADDED.findall(person.read(at(case))) == [file]


def test_unknown_cases_and_files_are_not_found(person, case):
    assert person.get(at(case, "none")).status_code == 404
    assert person.get("/desk/cases/none/attachments").status_code == 404
    assert person.post("/desk/cases/none/attachments/add").status_code in (404, 422)


def test_an_altered_file_is_not_served_and_that_is_said(person, hall, case):
    file = added(person, case)
    (path,) = [one for one in hall.blobs.folder.rglob("*") if one.is_file()]
    path.write_bytes(PDF[:-1] + b"x")
    answer = person.get(at(case, file))
    assert answer.status_code == 503
    assert "与上传时的摘要不一致" in answer.text
    assert b"%PDF" not in answer.data


def test_english_readers_read_english(person, case):
    added(person, case)
    person.post("/account/language", language="en")
    page = person.read(at(case))
    for word in ("Scanned papers", "PDF", "Preview", "Add a file"):
        assert word in page
    assert "a program" in add(person, case, PROGRAM, "a.pdf").text


@pytest.mark.browser
def test_a_file_is_brought_and_looked_at_in_a_browser(place, browser, officer, case, tmp_path):
    program, picture = tmp_path / "照片.png", tmp_path / "图纸.png"
    program.write_bytes(PROGRAM)
    picture.write_bytes(png())
    with page(browser, forgiven=("422",)) as opened:
        sign_in(opened, place, officer.account)
        opened.goto(place + at(case) + "?material=2")
        for file in (program, picture):
            opened.set_input_files("#f-file", file)
            opened.press("#f-file", "Tab")
            with opened.expect_navigation():
                opened.keyboard.press("Enter")
            if file is program:
                assert "可执行程序" in opened.inner_text("#problems")
        assert "图纸.png" in opened.inner_text("#paper-2")
        with opened.expect_popup() as tab:
            opened.click("#paper-2 a[target=_blank]")
        tab.value.wait_for_load_state()
        assert tab.value.evaluate("document.images[0].naturalWidth") == 1
