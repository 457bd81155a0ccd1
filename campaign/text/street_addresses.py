"""Where somebody lives, as it is written in a hurry: in small letters, and with no flat behind the house.

A street that is written so looks like "it was 20 outside": so nothing but the sentence's end may follow its
number, and no word stand before that which is said of the weather, of days or of how much there is.
"""

from __future__ import annotations

import re

_NO_NAMES = """
    the this our my your every each other another more and sea level metres meters from until since lane
    main минус плюс тепло холодно мороз жара ветер снег дождь солнце было были будет стало сегодня вчера
    завтра сейчас теперь уже еще ещё только всего почти около примерно утром днем днём вечером ночью свете
    земле планете пенсии этаже месте расстоянии высоте километре даче все всё очень или для как что номер
    нас ждут стоит стоят горит мінус цёпла холадна мароз спёка вецер снег дождж сонца было будзе стала сёння
    учора заўтра зараз цяпер ужо яшчэ толькі усяго ўсяго амаль каля прыкладна раніцай вечарам ноччу свеце
    зямлі пенсіі паверсе месцы вышыні дачы вельмі холодно спека вітер сніг дощ сонце було буде сьогодні
    вчора зараз тепер вже ще тільки лише всього майже близько вранці вдень ввечері вночі світі землі пенсії
    поверсі місці висоті дачі дуже градусів градусов градусаў było jest minus plus dziś dzisiaj wczoraj
    teraz już jeszcze tylko prawie około świecie ziemi emeryturze piętrze wsi wysokości miejscu bardzo się
    nas stoi mróz śnieg deszcz der dem seit über etage stock meter höhe zimmer platz ist sind fast nur
"""
_ANY_BUT = rf"(?!(?i:{'|'.join(dict.fromkeys(_NO_NAMES.split()))})\b)"
_NAME = rf"(?:{_ANY_BUT}[^\W\d_]{{3,20}}(?:[’'-][^\W\d_]{{2,20}})?\s){{1,3}}"
_HOUSE = (
    r"(?:(?i:д|дом|б|буд|будинок|nr)[.\s]{1,2})?\d{1,3}(?:[/-]\d{1,3}|\s?[a-zа-г](?!\w))?"
    r"(?=[^\S\n]*(?:[,;!?)…\n]|\.(?!\d)|\Z))"
)
_STREET = (
    "(?i:ul|ulica|ulicy|aleja|alei|вул|вуліца|вуліцы|вулиця|вулиці|ул|улица|улице|улицу|просп|проспект|проспекте"
    "|праспект|праспекце|переулок|переулке|завулак|завулку|провулок|провулку)"
)
_LIVES = (
    "(?i:жив[уеё]|жив[её]м|жив[её]т|живут|живемо|живуть|жыв[уе]|жыв[ея]м|жывуць|мешка[юе]|мешкаем|мешкаємо|прожива[юе]"
    "|проживаем|прописан[аы]?|mieszkam|mieszka|mieszkamy|mieszkają|wohne|wohnt|wohnen)"
)
_ON = r"(?i:на|па|по|na|przy|am|(?:an|auf|in)\s(?:der|dem))"
PLAIN_ADDRESS = re.compile(
    rf"\b(?=\w)(?:{_STREET}\s{_NAME}{_HOUSE}"
    rf"|{_LIVES}\s(?:[^\W\d_]{{1,12}}\s)?{_ON}\s{_NAME}{_HOUSE}"
    rf"|(?i:lives?|lived|living)\sat\s\d{{1,4}}[a-z]?(?:\s{_ANY_BUT}[^\W\d_]{{3,20}}){{1,2}}"
    rf"|\d{{1,4}}[a-z]?\s{_ANY_BUT}[a-z]{{3,20}}\s(?:street|road|avenue)\b)"
)
