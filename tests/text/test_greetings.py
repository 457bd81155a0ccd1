"""Eighty ordinary greetings of which nothing is noticed: a flag that stands on each of them says nothing."""

from __future__ import annotations

from campaign.text.flags import find
from campaign.text.normalising import normalise
from campaign.text.other_names import find_other_names
from campaign.text.suspicions import find_suspicions
from tests.support.table import table

OWN = ("Mikita", "Мікіта", "Мікіты", "Никита", "Микита", "Микито", "Mikito")
GREETINGS = """
en|Mona|Dear Mikita, the first snow fell here and the whole street went quiet. I thought of you.
en|Theo|Happy birthday! 23 candles on a cake, and the children ate it all by 18:30.
en|Bea|Hello from Prague! The river is frozen at the edges and there are swans on the ice.
en|Otto|Greetings from New York! Central Park is golden now and the squirrels are very fat.
en|Cleo|Greetings from Tel Aviv, San Francisco and Buenos Aires: three cousins, one wish. Come home soon.
en|Finn|Do you play chess? 1. e4 e5 2. Nf3 Nc6 3. Bb5. Your move!
en|Cora|A recipe for a bad day: 200 g flour, 3 eggs, 1/2 l milk. Fry it at 180 °C and share it.
en|Dora|Psalm 23:4 carried me through dark days. And Isaiah 40:31. I pray for you.
en|Ned|We lost 0:3 again, then 2:1. You missed nothing, my friend.
en|Wes|The sun rises at 8:04 and sets at 15:52. 7 h 48 min of light, and tomorrow two minutes less.
en|Ivo|10, 9, 8, 7, 6, 5, 4, 3, 2, 1, happy new year! And 1, 2, 3, 4, 5, 6, 7 stars tonight.
en|Gil|There were 100 people on our street, and everybody sang for you.
en|Pam|Once I lived on the 5th floor without a lift. Four flights with a bicycle!
en|Ruth|Merry Christmas and a Happy New Year 2027! May it be the year you come home.
en|Eve|I have no words. Only a hug.
be|Алеся|Мікіта, добры дзень! Сёння ў нас першы снег. Думаю пра цябе.
be|Павел|З днём народзінаў! 23 гады — цудоўны ўзрост. Жадаю табе 100 гадоў жыцця.
be|Ніна|Слава Богу, што ў цябе ёсць сябры. Мы молімся за цябе ў касцёле Святых Сымона.
be|Аня|Прывітанне з Вільні! На вуліцы было 5 катоў, і ўсе рудыя.
be|Кастусь|Учора гуляў па Мінску, еў марозіва на плошчы.
ru|Олег|Держись, друг! Всё пройдёт, и это тоже пройдёт.
ru|Марк|Белеет парус одинокий\\nВ тумане моря голубом...\\nЧто ищет он в стране далёкой?
ru|Рита|Варю борщ: 2 свёклы, 1 капуста, 3 картошки, 4 зубчика чеснока.
ru|Лиза|Мой кот весит 7 кг и спит по 20 часов. Учись у него терпению :)
ru|Егор|Привет! Мне 10 лет. Я хожу в 4Б класс. У меня есть хомяк.
ru|Витя|Шахматная задача: Кр d6, Ф h5; чёрные: Кр d8. Мат в 1 ход!
ru|Галя|На улице сегодня 25 градусов, по утрам над рекой туман.
uk|Оксана|Микито, доброго дня! Надсилаю тобі тепло з Карпат. Тут уже лежить сніг.
uk|Олена|Моєму сину 8 років, він намалював тобі 3 жирафів і 1 слона.
uk|Леся|З днем народження! Нехай здійсниться все, про що мрієш.
pl|Ewa|Wszystkiego najlepszego z okazji urodzin! Sto lat, sto lat!
pl|Kasia|Wczoraj byłam w górach. Szliśmy 14 km, w śniegu po kolana.
pl|Agata|Drogi Mikito, przesyłam Ci dużo ciepła. Na Rynku stoi już choinka.
pl|Krzyś|Mam 9 lat i chodzę do klasy 3b. Lubię dinozaury. A Ty?
de|Sabine|Lieber Mikita, hier in Hamburg regnet es seit drei Wochen. Ich denke an dich.
de|Heike|Alles Gute zum Geburtstag! 23 Kerzen brennen für dich auf unserem Balkon.
de|Karl|Der Mond ist aufgegangen,\\nDie goldnen Sternlein prangen\\nAm Himmel hell und klar.
de|Ida|Trink viel Wasser, bewege dich jeden Tag, und denk an etwas Schönes.
fr|Luc|Ce matin le boulanger m'a offert un croissant, je te le garde.
es|Alba|Ánimo. Desde Sevilla te mandamos un abrazo lleno de sol.
en|Joan|I live by the sea with two cats and 12 tomato plants. They all say hello.
en|Hal|We live at 300 metres above the sea, and the fog lies below us like milk.
en|Nell|My granny lived to 97. Her secret: soup, songs and no hurry.
en|Abe|I walked down our street at 6 and met 4 dogs, all of them wet.
en|Kit|What does not kill you makes you stronger, my father says. I say: tea helps too.
en|Sue|It took 3 attempts, but my bread rose. I named it after you.
en|Ray|Chess club on Tuesday: I lost in 19. You would beat me in 12.
en|Gwen|There are 25 of us in the choir. On Sunday we sang one for you.
en|Lou|My classroom is number 12, and your photo hangs beside the map.
be|Уля|На вуліцы мінус 20, а ў хаце печ і кот.
be|Янка|На вуліцы плюс 5. Вясна!
be|Зося|Жыву на свеце 70 гадоў і веру ў дабро.
be|Антось|Мы жывём на хутары, у нас 12 козаў і адзін пёс.
be|Волька|Жыву на пятым паверсе і бачу зоркі. Іх сёння 7.
be|Рыгор|Мешкаем у вёсцы, да горада 14.
be|Ганна|Учора спякла 24 піражкі з чарніцамі. Шкада, што нельга пакласці ў канверт.
ru|Зина|На улице минус 20, а в доме пахнет пирогами.
ru|Кеша|На улице тепло, 15. Почки набухли!
ru|Рая|Живу на свете уже 70 лет и не устаю удивляться.
ru|Федя|Живём на даче, собрали вёдер 12.
ru|Нюра|Я живу на 5 этаже, и голуби прилетают завтракать.
ru|Лев|Дома нас ждут 3 кошки. На улице стоят 2 снеговика.
ru|Гоша|Прочитал за месяц 6. Посоветуй ещё что-нибудь!
ru|Тоня|Надежда умирает последней, а моя и не думает.
ru|Стас|Наша команда на улице Надежды… шучу, мы на 3 месте.
ru|Люба|Листья падали весь день, насчитала 100.
uk|Ганя|На вулиці мінус 12, а в хаті тепло.
uk|Тарас|Живемо на хуторі, до лісу кілометрів 5.
uk|Софія|У нас живуть різні тварини: 2 кози, кіт і їжак.
uk|Ярина|Живу на третьому поверсі й щоранку бачу схід сонця.
uk|Остап|Спекли пиріг, з’їли за хвилин 10.
pl|Zosia|Na ulicy minus 15, a u nas herbata z miodem.
pl|Janek|Mieszkam na wsi od 20 lat i nadal liczę bociany.
pl|Hania|Mieszkamy przy lesie, sarny podchodzą o 6.
pl|Staś|Mieszkam na piętrze 4 i karmię wróble.
pl|Ola|Nadzieja umiera ostatnia. Ja zabijam czas robiąc na drutach: już 8 par skarpet.
de|Greta|Ich wohne seit 12 Jahren am Meer und sammle Steine für dich.
de|Uwe|Wir wohnen auf dem Land, bis zur Stadt sind es 14.
de|Jutta|Die Hoffnung stirbt zuletzt. Bei uns blühen die Rosen rot in allen Gärten.
de|Kai|Auf der Straße lagen heute 12 Kastanien. Eine ist für dich.
"""


@table("written", GREETINGS.strip().splitlines())
def test_of_an_ordinary_greeting_nothing_is_noticed(written: str) -> None:
    language, name, words = written.split("|")
    message, first_name = normalise(words.replace("\\n", "\n")), normalise(name, one_line=True)
    assert find(message, first_name) == ()
    assert list(find_suspicions(message.text)) == []
    assert find_other_names(message.text, OWN, language) == []
