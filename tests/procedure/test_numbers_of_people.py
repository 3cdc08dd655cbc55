"""One rule for numbers and addresses of people, in every form in which they are written; with few
false alarms."""

from __future__ import annotations

import pytest

from casework.archive.terms_to_hide import Hidden
from casework.disclosure.gate import cleared
from casework.papers.leaks import identity_words, stands_in
from casework.procedure.personal import blacked_out, personal, places

MOBILE, CARD, OLD = "13812345678", "11010519491231002X", "110105491231002"

WRITTEN = [
    (MOBILE, MOBILE),
    ("１３８１２３４５６７８", MOBILE),
    ("1 3 8 1 2 3 4 5 6 7 8", MOBILE),
    ("138-1234-5678", MOBILE),
    ("138.1234.5678", MOBILE),
    ("138/1234/5678", MOBILE),
    ("138·1234·5678", MOBILE),
    ("138_1234_5678", MOBILE),
    ("1.3.8.1.2.3.4.5.6.7.8", MOBILE),
    ("13-81-23-45-67-8", MOBILE),
    ("①③⑧①②③④⑤⑥⑦⑧", MOBILE),
    ("❶❸❽❶❷❸❹❺❻❼❽", MOBILE),
    ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", MOBILE),
    ("一三八一二三四五六七八", MOBILE),
    ("壹叁捌壹贰叁肆伍陆柒捌", MOBILE),
    ("幺三八幺两三四五六拐八", MOBILE),
    ("幺三八〇零幺三八零〇零", "13800138000"),
    ("一三八-一二三四-五六七八", MOBILE),
    ("138一二三四5678", MOBILE),
    ("l38l2345678", MOBILE),
    ("I38 I234 5678", MOBILE),
    ("138OO138OOO", "13800138000"),
    ("1​38​12345678", MOBILE),
    ("١٣٨١٢٣٤٥٦٧٨", MOBILE),
    ("+86 138 1234 5678", MOBILE),
    ("023-7060 1234", "02370601234"),
    ("(023)70601234", "02370601234"),
    ("023.7060.1234", "02370601234"),
    ("零二三-七零六零一二三四", "02370601234"),
    (CARD, CARD),
    ("110105 19491231 002x", CARD),
    ("110105-19491231-002X", CARD),
    ("110105194912310021", "110105194912310021"),  # its check digit is wrong
    ("110105194912319021", "110105194912319021"),
    ("119105194912310021", "119105194912310021"),
    (OLD, OLD),
    ("110105 491231 002", OLD),
    ("微信号zhangsan_fd88", "微信:zhangsan_fd88"),
    ("微信：zhangsan", "微信:zhangsan"),
    ("VX zhangsan88", "微信:zhangsan88"),
    ("wx:zhangsan88", "微信:zhangsan88"),
    ("加WeChat ID: Zhang-San8", "微信:zhang-san8"),
    ("QQ123456789", "QQ:123456789"),
    ("QQ号：123 456 789", "QQ:123456789"),
    ("ｑｑ１２３４５６７８９", "QQ:123456789"),
    ("zhang@qq.com", "zhang@qq.com"),
    ("Zhang.San@163.com", "zhang.san@163.com"),
    ("zhang(at)qq.com", "zhang@qq.com"),
    ("zhang（at）qq.com", "zhang@qq.com"),
    ("zhang[AT]qq[dot]com", "zhang@qq.com"),
    ("zhang【at】qq.com", "zhang@qq.com"),
    ("zhang at qq dot com", "zhang@qq.com"),
    ("zhang at qq.com", "zhang@qq.com"),
    ("zhang艾特qq.com", "zhang@qq.com"),
]

# What stands in ordinary case texts and belongs to nobody.
ORDINARY = [
    "少报8,022万元，差错率20.2%，应收账款上报数646千元，核实数5,087千元，差额4,441千元。",
    "罚款人民币150000000.00元（大写：壹亿伍仟万元整），1,380,013,800元，13,812,345,678元。",
    "差错率分别为13.5/17.62/19.04，12.5%-18.35%，同比增长1.38、2.34、5.67倍。",
    "《行政处罚决定书》（丰统罚〔2026〕14号）、丰统罚告〔2026〕12号、"
    "丰统案〔2025〕8号、(2023)渝0230行初123号。",
    "（2021）最高法行申1234号，渝0230行审13号，"
    "国统字〔2023〕49号，国家统计局令第35号，GB/T 38540-2020。",
    "2026年11月23日9时30分至11时40分，2025.10.1-2026.12.31，"
    "2025/10/27、2026-11-29 15:08:28，2025-10至2026-03。",
    "二〇二六年十一月二十九日，"
    "二〇二五年一月一日至二〇二五年十二月三十一日，第四十四条第一款第二项，"
    "一式三份，三五成群。",
    "《工业企业成本费用》B103-2表、B204-1表、605-2表、2025年年报，"
    "行业代码3411，E-mail另告，每百元1.2元。",
    "中国农业银行丰都支行，丰都县财政局，31-0000000000，"
    "账号5002300001000200030，帐号 6228480469912345678。",
    "账号 6228 4804 6991 2345 678，缴款书号2026-0001，执法证号：渝统执0219、渝统执0220。",
    "统一社会信用代码91350211M000100Y43，91500230MA5U000000，"
    "12100000400010275N，注册号500230000012345。",
    "核验码7K4M-Q2XD，归档号20260007，卷号2026-1-14，第1页共12页，邮编408200，区划500230109。",
    "现场照片IMG_20251027_093012.jpg，微信图片_20251027093012.jpg，"
    "QQ截图20251027093012.png，微信Excel文件、微信公众号推送。",
    "从业人员平均人数1380人，产值13800.5万元，用电量1234567千瓦时，"
    "面积3,000.00平方米，单价0.0237元，税号见执照。",
    "sha256 "
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08，SM3 "
    "207cf410532f92a47dee245ce9b11ff71f578ebd。",
    "依据《统计法》第44条、《行政处罚法》第33、36、44、45、62、63条，"
    "比照一、二、三、四、五、六、七、八、九类情形。",
    "at 9:30 a.m. the officers arrived; look at "
    "casework.example.com; form A101 of 2025, see page 10.",
]


@pytest.mark.parametrize(("written", "value"), WRITTEN)
def test_every_written_form_is_found_by_everybody_who_asks(written: str, value: str) -> None:
    text = f"我是会计，联系我：{written}。其余照旧。"
    assert personal(text) >= {value}
    assert personal(value) == {value}, "what a refusal names can be released as it is named"
    covered = {at for found in places(text) for at in range(found.begin, found.end)}
    start = text.index(written)
    signs = [i for i in range(start, start + len(written)) if not text[i].isspace()]
    missing = [text[i] for i in signs if i not in covered]
    assert all(sign in "加(（+8️⃣" or not sign.isalnum() for sign in missing), missing
    assert personal(blacked_out(text)) == frozenset()
    assert personal(cleared(text)) == frozenset()
    assert personal(Hidden().masked(text)) == frozenset()


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_case_texts_raise_no_alarm(text: str) -> None:
    assert personal(text) == frozenset()
    assert blacked_out(text) == text


@pytest.mark.parametrize("written", [w for w, value in WRITTEN if value == MOBILE])
def test_an_open_identity_is_found_in_every_form(written: str) -> None:
    assert stands_in(identity_words({"contact": MOBILE}), f"请拨打{written}联系。")
    assert stands_in(identity_words({"contact": written}), f"请拨打{MOBILE}联系。")


def test_of_a_wechat_name_the_name_alone_is_looked_for_too() -> None:
    assert stands_in(identity_words({"contact": "微信 zhangsan_fd88"}), "头像名zhangsan_fd88")
