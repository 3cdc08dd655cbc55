"""What is read from mails of every kind, and what nobody may read."""

import base64
import json
import logging
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from casework.docket.models import Docket
from casework.evidence.uploads import title
from casework.identity import originals
from casework.identity.custody import unwrapped
from casework.informants.models import CustodianKey, Identity
from casework.intake.charsets import decoded
from casework.mail import mail_tip
from casework.mail.html_text import text_of
from casework.mail.parse import parse_mail
from casework.mail.redact_sender import without
from casework.people.models import Bureau
from casework.store import db, writing
from casework.vault import identity as custody
from tests.mail.letters import NAME, OWN, SENDER, nested, plain, raw, with_files
from tests.support.mail import LIMIT, facts_of, files_of

WORDS = "反映某镇统计站要求企业按给定数字上报产值"


# -- charsets
@pytest.mark.parametrize(
    ("codec", "said"),
    [
        ("utf-8", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gbk"),
        ("gb2312", "gb2312"),
        ("utf-8", "gb2312"),
        ("gbk", "us-ascii"),
        ("utf-8", "iso-8859-1"),
        ("gbk", "no-such-charset"),
        ("utf-16", "utf-16"),
    ],
)
def test_bodies_in_every_charset_and_under_wrong_names(codec: str, said: str) -> None:
    assert parse_mail(raw(WORDS.encode(codec), f"text/plain; charset={said}")).text == WORDS


def test_gb2312_that_holds_gbk_and_gb18030() -> None:
    words = "举报镕基公司、𬱟某：瞒报"  # 镕 is in GBK only, 𬱟 in GB 18030 only
    assert parse_mail(raw(words.encode("gb18030"), "text/plain; charset=gb2312")).text == words


def test_big5_body_and_subject() -> None:
    words = "檢舉某公司虛報產值"
    subject = b"=?big5?B?" + base64.b64encode(words.encode("big5")) + b"?="
    mail = parse_mail(raw(words.encode("big5"), "text/plain; charset=big5", subject))
    assert (mail.subject, mail.text) == (words, words)


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
def test_subjects_encoded_raw_and_split_inside_a_character(codec: str) -> None:
    coded = WORDS.encode(codec)
    encoded = b"=?" + codec.encode() + b"?B?" + base64.b64encode(coded) + b"?="
    halves = b"\r\n ".join(
        b"=?%b?B?%b?=" % (codec.encode(), base64.b64encode(p)) for p in (coded[:9], coded[9:])
    )
    for subject in (encoded, coded, halves):
        assert parse_mail(raw(b"x", "text/plain", subject)).subject == WORDS


@given(
    st.binary(max_size=200),
    st.sampled_from([None, "", "gb2312", "utf-7", "big5", "base64", "x" * 50, "utf-16", "idna"]),
)
def test_no_bytes_and_no_charset_are_an_error(data: bytes, said: str | None) -> None:
    assert isinstance(decoded(data, said), str)


@given(st.text(alphabet="统计违法举报产值虚报瞒报某公司镇街道", min_size=1, max_size=40))
def test_chinese_words_come_back(words: str) -> None:
    assert decoded(words.encode("utf-8"), "gb2312") == words
    assert decoded(words.encode("gbk"), "gb2312") == words


# -- shapes
def test_html_becomes_words_and_nothing_runs() -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><script>alert('坏')</script><p>第"
        "一段&nbsp;文字</p>"
        "<table><tr><td>报表</td><td>数字</td></tr></table><a href='https://example.cn/a'>链接</a>"
        "<a href='javascript:alert(1)'>点</a><img src='http://spy.example/x.gif'></body></html>"
    )
    text = parse_mail(raw(html.encode("gbk"), "text/html; charset=gb2312")).text
    assert "第一段 文字" in text
    assert "链接 <https://example.cn/a>" in text
    for bad in ("alert", "spy", "p{}", "<p", "javascript"):
        assert bad not in text


@pytest.mark.parametrize(
    "html", ["<script>x", "<<<>><a href=>", "<p>甲<style>乙</p>", "&#x110000;&bogus;", "<!--"]
)
def test_broken_html_is_no_error(html: str) -> None:
    assert isinstance(text_of(html), str)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!",
        "<a ",
        "<!--",
        "<svg>",
        "<div>",
        "<a b='",
        "<!DOCTYPE ",
        "</",
        "<b/",
        '<a"',
        "&#",
        "<head><p>",
        "<![CDATA[",
        "<script",
    ],
)
def test_a_page_of_half_open_tags_holds_up_no_letter(piece: str) -> None:
    """Half a megabyte of it took Python's own parser for days, and every letter behind it
    waited."""
    html = "<p>产值虚报</p>" + piece * (600_000 // len(piece)) + "</p>" * 50_000
    assert text_of(html).startswith("产值虚报")


def test_what_is_read_of_a_page() -> None:
    html = (
        "<!DOCTYPE html><html><HEAD><title>t</title></HEAD><body><!-- "
        "<p>注释</p> -->甲 &amp; 乙&nbsp;丙 5 < 6<br/>丁"
        "<STYLE>p{}</STYLE><script>if (a<b) { '</p>' "
        "}</script><div>戊<object>己<p>庚</object>辛</div><a class=x "
        "HREF='https://a.cn/?b=1&amp;c=2'>看</a>"
        "<a href=\"http://b.cn/\">http://b.cn/</a><td title='x'>壬</td></body>"
    )
    assert (
        text_of(html) == "甲 & 乙 丙 5 < 6\n丁\n戊\n辛\n看 <https://a.cn/?b=1&c=2>http://b.cn/ | 壬"
    )


@pytest.mark.parametrize(
    "letter",
    [
        b"From: " + b"a" * 3_000_000 + b"\n\nx",
        b"From: a@b.cn\n" * 100_000 + b"\nx",
        b"Subject: " + b"=?" * 300_000 + b"\n\nx",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 2_000_000,
        b"From: " + b"<" * 300_000 + b"\nSubject: x\n\nx",
    ],
    ids=["one word", "many senders", "half-encoded", "two million parts", "brackets"],
)
def test_a_letter_that_would_never_end_is_read_as_far_as_it_goes(letter: bytes) -> None:
    mail = parse_mail(letter)
    assert len(mail.senders) <= 100
    assert len(mail.files) <= 200
    without("很多字" * 5000, mail.senders, "■")


def test_of_very_many_parts_the_headers_are_read_and_it_is_said(app: Flask, bureau: Bureau) -> None:
    letter = (
        b"From: zxm@a.cn\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\n\n" * 10_001
    )
    mail = parse_mail(letter)
    assert (mail.senders, mail.subject, mail.notes) == ([("", "zxm@a.cn")], "x", {"broken"})
    taken = mail_tip.register_mail(bureau, letter, LIMIT)
    assert taken is not None
    assert files_of(taken.received.docket_id)[0].size >= len(letter)  # the original is sealed whole


def test_of_two_versions_the_plain_one_is_read() -> None:
    body = (
        b"--b\r\nContent-Type: text/plain; "
        b"charset=utf-8\r\n\r\n%b\r\n--b\r\nContent-Type: "
        b"text/html\r\n\r\n<p>%b</p>\r\n"
        b"--b--\r\n" % (WORDS.encode(), WORDS.replace("要求", "<b>要求</b>").encode())
    )
    assert parse_mail(raw(body, 'multipart/alternative; boundary="b"')).text == WORDS


def test_messages_inside_messages_are_read_and_their_files_taken_out() -> None:
    mail = parse_mail(nested(3))
    assert "请各企业按附表数字上报。" in mail.text
    assert "按这个数报" in mail.text
    assert [f.name for f in mail.files] == ["附表.csv"]
    assert ("张主任", "zhang.zhuren@town.cn") in mail.senders


def test_too_deep_is_said() -> None:
    assert "deep" in parse_mail(nested(40)).notes


def test_a_parser_brought_down_by_depth_is_said() -> None:
    parts = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(5000)
    )
    assert parse_mail(b"From: a@b.cn\r\n" + parts).notes & {"broken", "deep"}


def test_forty_attachments() -> None:
    assert [f.name for f in parse_mail(with_files(40)).files] == [f"证据{n}.txt" for n in range(40)]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\r\n\r\n",
        b"no header at all",
        b"From\r\nSubject x\r\n\r\nbody",
        b"From: <<>@@>\r\nTo: ;;;\r\n\r\nx",
        b"Subject: =?utf-8?B?!!!?=\r\n\r\nx",
        b"Content-Type: multipart/mixed\r\n\r\nx",
        b"Content-Type: ;;;=\r\n\r\nx",
        b'Content-Type: text/plain; charset="\r\n\r\n\xff\xfe',
        b"Subject: \xff\xfe\x00\r\n\r\n\x00\x01",
        b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Disposition: attachment; filename*=utf-8''%FF%ZZ; filename*0*=x\r\n\r\nx",
    ],
)
def test_broken_mails_are_read_as_far_as_they_go(app: Flask, bureau: Bureau, broken: bytes) -> None:
    taken = mail_tip.register_mail(bureau, broken, LIMIT)
    assert taken is not None
    assert taken.received.number


@given(st.binary(max_size=400))
def test_no_mail_breaks_the_reader(data: bytes) -> None:
    parse_mail(data)
    parse_mail(b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + data)


# -- the tip
@pytest.fixture
def custodian(team: SimpleNamespace, bureau: Bureau) -> tuple[bytes, str]:
    record, _recovery = custody.new_custodian("a custodian's password")
    with writing() as session:
        session.add(
            CustodianKey(person_id=team.others["custodian"], bureau_id=bureau.id, record=record)
        )
    return record, "a custodian's password"


def spoken() -> bytes:
    """A mail whose words name its sender in every way."""
    return plain(f"{NAME}举报", f"我是{NAME}，电话13896541207，邮箱 {SENDER.upper()}，该公司虚报。")


def everything_written(instance: Path) -> bytes:
    return b"".join(p.read_bytes() for p in instance.rglob("*") if p.is_file())


@pytest.mark.parametrize("with_custodian", [True, False])
def test_the_sender_is_nowhere_in_clear(
    app: Flask,
    bureau: Bureau,
    instance: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
    with_custodian: bool,
) -> None:
    if with_custodian:
        request.getfixturevalue("custodian")
    caplog.set_level(logging.DEBUG)
    taken = mail_tip.register_mail(bureau, spoken(), LIMIT)
    assert taken is not None
    docket = db.session.get_one(Docket, taken.received.docket_id)
    shown = (
        json.dumps(facts_of(docket.id), ensure_ascii=False)
        + docket.title
        + "".join(title(f) for f in files_of(docket.id))
    )
    for secret in (SENDER, NAME, "13896541207"):
        assert secret not in shown
        assert secret not in caplog.text
        assert secret.encode() not in everything_written(instance)
    assert "该公司虚报" in shown
    assert docket.channel == "email"


def test_custodians_alone_open_sender_and_original(
    app: Flask, bureau: Bureau, custodian: tuple[bytes, str]
) -> None:
    letter = spoken()
    taken = mail_tip.register_mail(bureau, letter, LIMIT)
    assert taken is not None
    kept = files_of(taken.received.docket_id)[0]
    assert kept.media_type == originals.SEALED_TO_CUSTODIANS
    # the server's own key opens nothing
    assert SENDER.encode() not in app.extensions["sealed_store"].read(kept.stored)
    sealed = unwrapped(db.session.get_one(Identity, taken.received.docket_id))
    opened = custody.open_identity(custodian[0], custodian[1], sealed)
    assert (json.loads(opened)["name"], json.loads(opened)["contact"]) == (NAME, SENDER)
    identity = json.loads(opened)
    assert originals.open_original(identity, originals.named_originals(identity)[0]).data == letter


def test_without_a_custodian_the_original_is_sealed_whole_and_nobody_is_named(
    app: Flask, bureau: Bureau
) -> None:
    letter = spoken()
    taken = mail_tip.register_mail(bureau, letter, LIMIT)
    assert taken is not None
    kept = files_of(taken.received.docket_id)[0]
    assert app.extensions["sealed_store"].read(kept.stored) == letter
    assert kept.cleaned == ""  # so no page serves it
    assert db.session.get(Identity, taken.received.docket_id) is None
    assert facts_of(taken.received.docket_id)["named"] is False


def test_files_of_a_mail_are_files_of_the_tip(app: Flask, bureau: Bureau) -> None:
    taken = mail_tip.register_mail(bureau, with_files(40), LIMIT)
    assert taken is not None
    files = files_of(taken.received.docket_id)
    assert [title(f) for f in files] == ["original.eml", *(f"证据{n}.txt" for n in range(40))]
    assert all(f.cleaned for f in files[1:])


def test_what_may_not_be_shown_is_kept_sealed_and_winmail_is_said(
    app: Flask, bureau: Bureau
) -> None:
    body = (
        b"--b\r\nContent-Type: application/ms-tnef; "
        b"name=winmail.dat\r\nContent-Transfer-Encoding: "
        b"base64\r\n\r\n%b\r\n"
        b"--b\r\nContent-Type: application/zip; name=a.exe\r\n\r\nMZ\x90\x00\r\n--b--\r\n"
        % base64.b64encode(b"\x78\x9f\x3e\x22" * 9)
    )
    taken = mail_tip.register_mail(bureau, raw(body, "multipart/mixed; boundary=b"), LIMIT)
    assert taken is not None
    files = files_of(taken.received.docket_id)
    assert [(title(f), bool(f.cleaned)) for f in files[1:]] == [
        ("winmail.dat", False),
        ("a.exe", False),
    ]
    assert app.extensions["sealed_store"].read(files[1].stored) == b"\x78\x9f\x3e\x22" * 9
    assert "winmail.dat" in str(facts_of(taken.received.docket_id)["narrative"])


def test_a_mail_of_fifty_megabytes(app: Flask, bureau: Bureau) -> None:
    letter = with_files(3, 13 * 1024 * 1024)
    assert len(letter) > 50 * 1024 * 1024
    taken = mail_tip.register_mail(bureau, letter, LIMIT)
    assert taken is not None
    files = files_of(taken.received.docket_id)
    assert files[0].size == len(letter)
    assert len(files) == 4


def test_a_text_too_long_is_cut_and_kept_whole(app: Flask, bureau: Bureau) -> None:
    taken = mail_tip.register_mail(bureau, plain(body="产值" * 15000), LIMIT)
    assert taken is not None
    assert len(str(facts_of(taken.received.docket_id)["narrative"])) < 21000
    whole = files_of(taken.received.docket_id)[-1]
    assert app.extensions["sealed_store"].read(whole.cleaned).decode() == "产值" * 15000


# -- once
def test_the_same_mail_delivered_twice_is_one_tip(app: Flask, bureau: Bureau) -> None:
    assert mail_tip.register_mail(bureau, plain(), LIMIT)
    assert (
        mail_tip.register_mail(
            bureau, b"Received: by another\nDelivered-To: x@y\n" + plain(), LIMIT
        )
        is None
    )
    assert mail_tip.register_mail(bureau, plain().replace(b"\n", b"\r\n"), LIMIT) is None
    assert db.session.query(Docket).count() == 1


def test_a_copied_message_id_makes_no_other_mail_disappear(app: Flask, bureau: Bureau) -> None:
    assert mail_tip.register_mail(bureau, plain(), LIMIT)
    assert mail_tip.register_mail(bureau, plain(body="另一件事"), LIMIT)
    assert mail_tip.register_mail(bureau, raw(b"a", "text/plain"), LIMIT)
    assert mail_tip.register_mail(bureau, raw(b"b", "text/plain"), LIMIT)
    assert db.session.query(Docket).count() == 4


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (f"找{NAME}核实", "找■核实"),
        ("QQ 13896541207。", "QQ ■。"),
        ("138965412079", "138965412079"),
        (f"<{SENDER}>", "<■>"),
        ("张小梅", "张小梅"),
    ],
)
def test_what_is_hidden(text: str, hidden: str) -> None:
    assert without(text, [(NAME, SENDER)], "■") == hidden


@pytest.mark.parametrize(
    "shown",
    [
        "张小梅(财务部)",
        "财务部 张小梅",
        "张小梅，财务部",
        "财务部, 张小梅",
        "张小梅<老张>",
        "张小梅@某公司",
        "张.小梅",
        "张小梅;财务",
        "统计科_张小梅",
        "“张小梅”",
        "张小梅 18723",
        "某某有限公司-张小梅",
    ],
)
@pytest.mark.parametrize("header", ["From", "Reply-To"])
def test_a_name_beside_an_office_is_a_name(shown: str, header: str) -> None:
    """However a mail program shows its sender, the name under the letter is not left to be read."""
    name = b"=?utf-8?B?" + base64.b64encode(shown.encode()) + b"?="
    mail = parse_mail(header.encode() + b": " + name + b" <zxm@a.cn>\r\nSubject: x\r\n\r\nx")
    assert ("zxm@a.cn" in [a for _n, a in mail.senders]) is True
    assert without("此致。张小梅 某公司财务科", mail.senders, "■") == "此致。■ 某公司财务科"


def test_a_latin_name_in_either_order_is_hidden() -> None:
    mail = parse_mail(b"From: =?utf-8?Q?Zhang=2C_Xiaomei?= <zxm@a.cn>\r\n\r\nx")
    assert without("Xiaomei Zhang, and xiaomeizhang", mail.senders, "■") == "■ ■, and xiaomeizhang"


def test_a_general_word_as_a_name_takes_no_word_out_of_the_letter() -> None:
    mail = parse_mail(
        b"From: =?utf-8?B?" + base64.b64encode("举报".encode()) + b"?= <a@b.cn>\r\n\r\nx"
    )
    assert without("我要举报某公司", mail.senders, "■") == "我要举报某公司"


def test_short_and_common_boxes_are_not_hidden() -> None:
    assert without("wang 的 info", [("", "wang@a.cn"), ("", "info@a.cn")], "■") == "wang 的 info"
    assert OWN not in without(f"{OWN}", [("", OWN)], "■")
