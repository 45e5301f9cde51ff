"""Invented names, numbers and addresses, in a form that nobody can mistake for somebody's."""

from collections import defaultdict
from datetime import date
from random import Random

from stdnum.cn import ric

SURNAMES = ("禾苗", "青石", "柳湾", "云岭", "麦田", "竹溪", "枫桥", "星河", "晨露", "白鹭")
FIRST = "安宁晓晨雨雪春夏秋冬明远思念家和乐山水木"
SECOND = "童心悦然欣怡佳文博宇轩涵彤萌阳月星云朵苗"
GROWN = [
    "大川",
    "有田",
    "秋香",
    "春生",
    "桂花",
    "长河",
    "金凤",
    "福来",
    "玉兰",
    "满仓",
    "水根",
    "石头",
    "巧云",
    "二妹",
    "国强",
]
NOTES = (
    "谈到这周的学习和同桌,情绪平稳。",
    "说想爸爸妈妈,商量好周末视频通话。",
    "作业能按时完成,数学还要多练。",
    "最近睡得晚,提醒早点休息。",
    "和同学闹了别扭,已经和好。",
    "聊到家里的小羊,很开心。",
)
VISIT_NOTES = (
    "家里整洁,祖辈照料尽心。",
    "电线有老化,已提醒更换。",
    "监护人说孩子近来懂事,会帮做家务。",
    "谈了接送安全和防溺水。",
)
FORGED_NOTE = "情况良好,无异常。"


class Numbers:
    """Gives out numbers across all counties, so that none comes twice."""

    def __init__(self) -> None:
        self._born: defaultdict[tuple[int, date, str], int] = defaultdict(int)
        self._phones = 0

    def phone(self) -> str:
        self._phones += 1
        return f"199{self._phones % 100_000_000:08d}"

    def resident_id(self, township: int, born: date, sex: str) -> str:
        """Area 9901xx exists nowhere; the check character is right all the same."""
        key = (township, born, sex)
        self._born[key] += 1
        order = self._born[key] * 2 - (1 if sex == "male" else 0)
        number = f"9901{township % 100:02d}{born:%Y%m%d}{order % 1000:03d}"
        return number + str(ric.calc_check_digit(number + "0"))


class Names:
    """Draws names for one county, from its own random numbers."""

    def __init__(self, random: Random, numbers: Numbers) -> None:
        self._random = random
        self.phone = numbers.phone
        self.resident_id = numbers.resident_id

    def child(self) -> str:
        draw = self._random.choice
        return draw(SURNAMES) + draw(FIRST) + draw(SECOND)

    def grown(self, surname: str) -> str:
        return surname + self._random.choice(GROWN)
