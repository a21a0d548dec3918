"""The language of an article."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tagger.language import identify, told
from tagger.paragraphs import cut
from tagger.records import Document

SENTENCES = {
    "en": "The council will build two schools near the river next year, and the work will be paid for by the state.",
    "fr": "La ville va construire deux écoles près du fleuve l'an prochain, et les travaux seront payés par l'État.",
    "vi": "Thành phố sẽ xây hai trường học gần sông vào năm tới và công trình được nhà nước chi trả.",
    "ja": "市は来年、川の近くに学校を二つ建て、費用は国が支払う。",
    "zh": "市政府明年将在河边建两所学校,费用由国家支付。",
    "ko": "시는 내년에 강 근처에 학교 두 곳을 짓고 비용은 국가가 낸다.",
    "de": "Die Stadt baut im nächsten Jahr zwei Schulen am Fluss, und die Arbeiten werden vom Staat bezahlt.",
    "es": "La ciudad construirá dos escuelas cerca del río el próximo año y las obras serán pagadas por el Estado.",
    "it": "La città costruirà due scuole vicino al fiume l'anno prossimo e i lavori saranno pagati dallo Stato.",
    "pt": "A cidade vai construir duas escolas perto do rio no próximo ano e as obras serão pagas pelo Estado.",
    "nl": "De stad bouwt volgend jaar twee scholen bij de rivier en het werk wordt door de staat betaald.",
    "id": "Kota itu akan membangun dua sekolah di dekat sungai tahun depan dan pekerjaan itu dibayar oleh negara.",
    "ru": "Город построит две школы у реки в следующем году, и работы оплатит государство.",
    "uk": "Місто збудує дві школи біля річки наступного року, і роботи оплатить держава.",
    "th": "เมืองจะสร้างโรงเรียนสองแห่งใกล้แม่น้ำในปีหน้า",
    "ar": "ستبني المدينة مدرستين قرب النهر في العام المقبل وستدفع الدولة ثمن العمل.",
    "el": "Η πόλη θα χτίσει δύο σχολεία κοντά στο ποτάμι του χρόνου.",
}


@pytest.mark.parametrize("lang", SENTENCES)
def test_one_sentence_tells(lang: str) -> None:
    """A sentence is enough, whatever languages are expected."""
    assert identify([SENTENCES[lang]]) == lang
    assert identify([SENTENCES[lang]], ("en", "fr", "ja", "vi")) == lang


def test_names_do_not_tell() -> None:
    """An English or French text full of Vietnamese names is English or French."""
    names = "Nguyễn Thị Bích Trâm, Đỗ Trưởng, Phạm Quốc Hùng, Lê Thị Hương"
    assert (
        identify([f"The delegation was led by {names}, and it was received in the town hall of Huế on Monday."]) == "en"
    )
    assert identify([f"La délégation était conduite par {names} ; elle a été reçue lundi à la mairie de Huế."]) == "fr"


def test_short_lines_inherit() -> None:
    """A title in one language over a story in another does not decide."""
    assert identify(["Bonjour Tristesse", SENTENCES["en"], "Madama Butterfly"]) == "en"


def test_kanji_alone() -> None:
    """Lines without kana are told by the way characters are written, or by what is expected."""
    assert identify(["東京市場、円安進行"]) == "ja"
    assert identify(["东京市场日元贬值"]) == "zh"
    assert identify(["大阪市長選"], ("ja", "en")) == "ja"


@pytest.mark.parametrize("text", ["", "   ", "12345 67.8 %", "!!! ... ???", "\u200b"])
def test_nothing_to_tell(text: str) -> None:
    """Text without words is undetermined."""
    assert identify([text]) == "und"
    assert identify([]) == "und"


def test_what_the_document_says() -> None:
    """A declared language is believed where the text does not tell, and only there."""
    assert identify(["Zarnow 2025"], declared="de-AT") == "de"
    assert identify([SENTENCES["fr"]], declared="en") == "fr"


def test_article_gets_its_language() -> None:
    """``told`` puts the code into the article and leaves the rest."""
    article = cut(Document("x", f"Deux écoles\n{SENTENCES['fr']}", lang="en"))
    found = told(article, ("en", "fr"))
    assert found.lang == "fr"
    assert found.paragraphs is article.paragraphs
    assert told(found, ()) is found


def test_light_for_clear_text() -> None:
    """Telling clear text loads neither py3langid nor numpy."""
    code = (
        "import sys; from tagger.language import identify; "
        f"assert identify([{SENTENCES['vi']!r}]) == 'vi'; assert not {{'numpy', 'py3langid'}} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("unit", ["a", "a ", " ", "漢", "\u0301", "ж", "(", "é"])
def test_linear_time(unit: str) -> None:
    """Megabytes of anything take no longer than a page."""
    text = unit * (5_000_000 // len(unit))
    identify([text])  # the first call may load py3langid
    started = time.process_time()
    identify([text])
    assert time.process_time() - started < 0.5


def test_articles_of_the_corpus() -> None:
    """Of the labelled articles at least 99.5% are told right."""
    yaml = pytest.importorskip("yaml")
    right = number = 0
    for path in sorted((Path(__file__).parents[1] / "seeds").glob("*/*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        right += identify([p["text"] for p in data["paragraphs"]], ("en", "fr", "ja", "vi")) == data["lang"]
        number += 1
    if not number:
        pytest.skip("no corpus in this copy")
    assert right >= 0.995 * number
