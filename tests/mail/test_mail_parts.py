"""Each part of a mail is taken, kept as a file or named in a note: the odd ones that mail programs
really send."""

from __future__ import annotations

import base64
import binascii
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from flask import Flask

from casework.docket.models import Docket
from casework.evidence.uploads import title
from casework.mail import mail_tip
from casework.mail.html_text import text_of
from casework.mail.parse import parse_mail
from casework.mail.plain_text import together, unflowed
from casework.people.models import Bureau
from casework.store import db
from tests.mail.letters import plain, raw
from tests.support.mail import LIMIT, facts_of, files_of

MAILS = Path(__file__).parent / "mails"


def mail_of(name: str) -> bytes:
    """One of the letters that lie beside the tests; their contents are invented."""
    return (MAILS / f"{name}.eml").read_bytes()


def tip_of(bureau: Bureau, letter: bytes) -> tuple[str, list[str]]:
    """The narrative that staff read, and the names of the files without the original."""
    taken = mail_tip.register_mail(bureau, letter, LIMIT)
    assert taken is not None
    docket_id = taken.received.docket_id
    return str(facts_of(docket_id)["narrative"]), [title(f) for f in files_of(docket_id)[1:]]


# -- words
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("plain_says_no_html", "丰都县兴旺水泥厂 2026 年 8 月 虚报产量 2 万吨，实际 8 千吨。"),
        ("plain_invisible", "正文只在网页部分：兴旺水泥厂虚报。"),
        ("plain_says_picture", "兴旺水泥厂虚报产量，台账在三楼。"),
    ],
)
def test_where_the_plain_part_is_a_stub_the_page_is_read(
    app: Flask, bureau: Bureau, name: str, words: str
) -> None:
    narrative, _files = tip_of(bureau, mail_of(name))
    assert words in narrative.split("\n\n")[1]


def two_versions(plain_words: str, html: str) -> bytes:
    letter = MIMEMultipart("alternative")
    letter["From"], letter["Subject"] = "a@b.cn", "x"
    letter.attach(MIMEText(plain_words, "plain", "utf-8"))
    letter.attach(MIMEText(html, "html", "utf-8"))
    return letter.as_bytes()


def test_what_one_version_alone_says_is_read_too(app: Flask, bureau: Bureau) -> None:
    letter = two_versions(
        "甲公司虚报产值。\n台账在三楼。",
        "<p>甲公司虚报产值。</p><p>台账在三楼。</p><p>联系村支书。</p>",
    )
    mail = parse_mail(letter)
    assert (mail.text, mail.also) == ("甲公司虚报产值。\n台账在三楼。", ["联系村支书。"])
    narrative, _files = tip_of(bureau, letter)
    assert narrative.count("甲公司虚报产值") == 1
    assert "联系村支书。" in narrative


def test_the_same_words_broken_and_marked_otherwise_are_the_same() -> None:
    first = "> 甲公司 虚报\n产值 <https://a.cn/>\n[图片]"
    assert together([first, "甲公司虚报产值"]) == (first, [])


@pytest.mark.parametrize("joined", [True, False])
def test_lines_that_were_broken_for_sending_are_put_together(joined: bool) -> None:
    letter = raw(
        "该公司虚报产 \r\n值三百万元。\r\n\r\n> 引 \r\n> 文\r\n-- \r\n署名".encode(),
        f"text/plain; charset=utf-8; format=flowed; delsp={'yes' if joined else 'no'}",
    )
    space = "" if joined else " "
    assert parse_mail(letter).text == f"该公司虚报产{space}值三百万元。\n\n> 引{space}文\n-- \n署名"
    assert unflowed("一行\n二行", joined) == "一行\n二行"


def test_a_table_has_no_tabs(app: Flask, bureau: Bureau) -> None:
    narrative, _files = tip_of(bureau, mail_of("table"))
    assert "指标 | 上报\n产值 | 3000" in narrative.replace("\n\n", "\n")
    assert text_of("<tr><td>a</td><td></td><td>c</td><td> </td></tr>") == "a |  | c"


def test_line_ends_and_half_pairs_go_as_everywhere() -> None:
    assert parse_mail(raw(b"a\r\nb\rc\x00d", "text/plain")).text == "a\nb\ncd"
    assert parse_mail(raw(rb"x", "text/plain", rb"=?x?Q?a?= \ud800")).subject.isprintable()


# -- files and their names
def test_a_name_in_raw_gbk(app: Flask, bureau: Bureau) -> None:
    assert tip_of(bureau, mail_of("name_in_raw_gbk"))[1] == ["2026年丰都统计台账（真实）.xlsx"]


@pytest.mark.parametrize(
    "header",
    [
        'filename="台账（真实）.txt"'.encode("gbk"),
        'filename="台账（真实）.txt"'.encode(),
        b'filename="%E5%8F%B0%E8%B4%A6%EF%BC%88%E7%9C%9F%E5%AE%9E%EF%BC%89.txt"',
        b"filename*=gb2312''%CC%A8%D5%CB%A3%A8%D5%E6%CA%B5%A3%A9.txt",
        b"filename*0*=utf-8''%E5%8F%B0%E8%B4%A6%EF%BC%88;\r\n "
        b"filename*1*=%E7%9C%9F%E5%AE%9E%EF%BC%89.txt",
        b'filename="=?gb2312?B?zKjVy6Oo1ebKtaOpLnR4dA==?="',
    ],
    ids=["raw GBK", "raw UTF-8", "percent", "RFC 2231 in GB", "RFC 2231 in two", "encoded words"],
)
def test_names_of_files_in_every_writing(header: bytes) -> None:
    part = b"--b\r\nContent-Disposition: attachment; " + header + b"\r\n\r\nabc\r\n--b--\r\n"
    assert [f.name for f in parse_mail(raw(part, "multipart/mixed; boundary=b")).files] == [
        "台账（真实）.txt"
    ]


@pytest.mark.parametrize("name", ["完成50%AB.txt", "100%.txt", "a%20b.txt"])
def test_a_per_cent_in_a_name_stays(name: str) -> None:
    part = (
        f'--b\r\nContent-Disposition: attachment; filename="{name}"\r\n\r\nabc\r\n--b--\r\n'
    ).encode()
    assert [f.name for f in parse_mail(raw(part, "multipart/mixed; boundary=b")).files] == [name]


def test_a_message_in_base64_is_read(app: Flask, bureau: Bureau) -> None:
    narrative, _files = tip_of(bureau, mail_of("message_in_base64"))
    assert "王会计：本月产值按3000万元上报，不要管实际。" in narrative
    assert "RnJvbTog" not in narrative


def test_an_invitation_is_read_and_kept(app: Flask, bureau: Bureau) -> None:
    narrative, files = tip_of(bureau, mail_of("invitation"))
    assert "与李科长核对虚报产值" in narrative
    assert "带上两套台账" in narrative
    assert "会议邀请" in narrative.rsplit("\n\n", 1)[-1]
    assert files == ["invitation.ics"]


def test_a_sealed_letter_is_kept_and_the_clerk_is_told(app: Flask, bureau: Bureau) -> None:
    narrative, files = tip_of(bureau, mail_of("smime_opaque"))
    assert files == ["smime.p7m"]
    assert "smime.p7m" in narrative


def uuencoded(name: str, data: bytes) -> str:
    pieces = (data[n : n + 45] for n in range(0, len(data), 45))
    return f"begin 644 {name}\n" + "".join(binascii.b2a_uu(p).decode() for p in pieces) + "`\nend"


def test_a_file_within_the_text_is_taken_out() -> None:
    mail = parse_mail(
        raw(
            f"见附件\n{uuencoded('台账.txt', b'abc' * 40)}\n谢谢".encode(),
            "text/plain; charset=utf-8",
        )
    )
    assert [(f.name, f.data) for f in mail.files] == [("台账.txt", b"abc" * 40)]
    assert mail.text == "见附件\n[台账.txt]\n谢谢"


@pytest.mark.parametrize(
    "text", ["begin 644 a\nno such thing 统计\nend", "begin 644 a\n#86)C", "begin again\nend"]
)
def test_what_only_looks_like_a_file_stays_in_the_text(text: str) -> None:
    mail = parse_mail(raw(text.encode(), "text/plain; charset=utf-8"))
    assert (mail.text, mail.files) == (text, [])


def test_pictures_within_a_page_are_files() -> None:
    picture = base64.b64encode(b"\x89PNG....").decode()
    mail = parse_mail(
        raw(
            f'<p>见图</p><img src="data:image/png;base64,{picture}">'.encode(),
            "text/html; charset=utf-8",
        )
    )
    assert [(f.name, f.data) for f in mail.files] == [("picture1.png", b"\x89PNG....")]
    assert mail.text == "见图"


# -- nothing vanishes
ODD = [  # headers of a part, what it holds, and by which words or file a reader finds it again
    ("Content-Type: text/plain; charset=gb2312", "普通正文".encode("gbk"), "普通正文"),
    ("Content-Type: text/html; charset=utf-8", "<p>网页正文</p>".encode(), "网页正文"),
    ("Content-Type: text/html; charset=utf-8; name=b.html", b"<p>x</p>", "b.html"),
    ("Content-Type: text/enriched; charset=utf-8", "<bold>加粗</bold>".encode(), "加粗"),
    (
        "Content-Type: text/calendar; charset=utf-8",
        "BEGIN:VEVENT\nSUMMARY:核对台账\nEND:VEVENT".encode(),
        "核对台账",
    ),
    ("Content-Type: message/rfc822", "From: c@d.cn\nSubject: y\n\n内层来信".encode(), "内层来信"),
    (
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
        base64.b64encode("Subject: z\n\n编码的来信".encode()),
        "编码的来信",
    ),
    (
        "Content-Type: message/delivery-status",
        b"Reporting-MTA: dns; mx.example\n\nAction: failed\n",
        "Action: failed",
    ),
    (
        "Content-Type: message/disposition-notification",
        b"Disposition: manual-action; displayed\n",
        "displayed",
    ),
    (
        "Content-Type: message/external-body; access-type=url; url=u",
        b"Content-Type: text/plain\n\nphantom\n",
        "phantom",
    ),
    ("Content-Type: text/rfc822-headers", b"Subject: headers-only\n", "headers-only"),
    ("Content-Type: application/pkcs7-mime", b"0\x80", "smime.p7m"),
    ("Content-Type: application/ms-tnef; name=winmail.dat", b"x\x9f", "winmail.dat"),
    ("Content-Type: application/pkcs7-signature; name=smime.p7s", b"0\x80", "smime.p7s"),
    ("Content-Type: application/octet-stream; name=void.bin", b"", "void.bin"),
    ("Content-Type: image/png", b"\x89PNG", "file.png"),
    ("Content-Type: no-such-type; name=strange.q", b"q", "strange.q"),
    ("Content-Type: multipart/mixed", "没有分界的正文".encode(), "没有分界的正文"),
    (
        "Content-Type: text/plain\nContent-Transfer-Encoding: "
        "x-uuencode\nContent-Disposition: attachment; filename=u.txt",
        uuencoded("u.txt", b"abc").encode(),
        "u.txt",
    ),
    (
        "Content-Type: text/plain; name=cut.txt\nContent-Transfer-Encoding: base64",
        b"YWJj!ZGV",
        "cut.txt",
    ),
]


def test_of_a_mail_of_odd_parts_nothing_vanishes(app: Flask, bureau: Bureau) -> None:
    """Each part alone in a letter, all of them in one, and all of them as versions of one text."""
    parts = [f"{headers}\n\n".encode() + held for headers, held, _found in ODD]
    body = b"".join(b"--odd\n" + part + b"\n" for part in parts) + b"--odd--\n"
    around = "前言不属于任何部分\n".encode() + body + "\n后记也不属于任何部分\n".encode()
    for kind in ("mixed", "related", "alternative", "signed", "report", "digest", "no-such-kind"):
        letter = raw(
            around, f"multipart/{kind}; boundary=odd", extra=f"Message-ID: <{kind}@x>\r\n".encode()
        )
        narrative, files = tip_of(bureau, letter)
        everything = "\n".join([narrative, *files])
        missing = [found for _h, _b, found in ODD if found not in everything]
        assert missing == [], kind
        assert "前言不属于任何部分" in everything
        assert "后记也不属于任何部分" in everything


# -- without Message-ID
def test_four_mails_without_a_number_are_four_tips_and_stay_four(
    app: Flask, bureau: Bureau
) -> None:
    letters = [
        b"From: a@b.cn\nSubject: x\n\none",
        b"From: a@b.cn\nSubject: x\n\ntwo",
        b"From: a@b.cn\nSubject: x\nthree, and no blank line",
        b"four, without any head",
        b"five words before\n\na blank line",
        b"six words before\n\na blank line",
        b"\nseven",
        b"",
    ]
    for _ in range(2):
        for letter in letters:
            mail_tip.register_mail(bureau, letter, LIMIT)
    assert db.session.query(Docket).count() == len(letters)
    assert mail_tip.register_mail(bureau, letters[0], LIMIT) is None


def test_a_mail_known_from_before_is_known_still(app: Flask, bureau: Bureau) -> None:
    """What counts of an ordinary mail is what it always was: its body behind the first blank
    line."""
    letter = plain(number="<k@x>")
    mail = parse_mail(letter)
    content, _message = mail_tip.keys_of(mail, b"Received: by x\n\tfor y\n" + letter)
    assert content == mail_tip.keys_of(mail, letter)[0]
