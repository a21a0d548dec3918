# ruff: noqa: E501 - sentences
"""Accuracy and speed of `tagger.language` beside py3langid: ``python bench/language.py [seeds]``.

Three sets: whole articles and single paragraphs of the labelled corpus, and sentences in many languages below.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import yaml
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from tagger import language

SENTENCES = {
    "en": ["The council will build two schools near the river next year.", "Exports of rice rose by a tenth in May, officials said."],
    "fr": ["La ville va construire deux écoles près du fleuve l'an prochain.", "Les exportations de riz ont augmenté d'un dixième en mai."],
    "vi": ["Thành phố sẽ xây hai trường học gần sông vào năm tới.", "Xuất khẩu gạo tăng một phần mười trong tháng năm."],
    "ja": ["市は来年、川の近くに学校を二つ建てる。", "五月の米の輸出は一割増えた。"],
    "zh": ["市政府明年将在河边建两所学校。", "五月大米出口增长了一成,这是今年最高的数字。"],
    "ko": ["시는 내년에 강 근처에 학교 두 곳을 짓는다.", "5월 쌀 수출이 10분의 1 늘었다."],
    "de": ["Die Stadt baut im nächsten Jahr zwei Schulen am Fluss.", "Der Export von Reis stieg im Mai um ein Zehntel."],
    "es": ["La ciudad construirá dos escuelas cerca del río el próximo año.", "Las exportaciones de arroz subieron una décima parte en mayo."],
    "it": ["La città costruirà due scuole vicino al fiume l'anno prossimo.", "Le esportazioni di riso sono aumentate di un decimo a maggio."],
    "pt": ["A cidade vai construir duas escolas perto do rio no próximo ano.", "As exportações de arroz subiram um décimo em maio."],
    "nl": ["De stad bouwt volgend jaar twee scholen bij de rivier.", "De uitvoer van rijst steeg in mei met een tiende."],
    "id": ["Kota itu akan membangun dua sekolah di dekat sungai tahun depan.", "Ekspor beras naik sepersepuluh pada bulan Mei, kata pejabat."],
    "pl": ["Miasto zbuduje w przyszłym roku dwie szkoły nad rzeką.", "Eksport ryżu wzrósł w maju o jedną dziesiątą."],
    "cs": ["Město postaví příští rok dvě školy u řeky.", "Vývoz rýže v květnu vzrostl o desetinu."],
    "sv": ["Staden ska bygga två skolor vid floden nästa år.", "Exporten av ris ökade med en tiondel i maj."],
    "fi": ["Kaupunki rakentaa ensi vuonna kaksi koulua joen lähelle.", "Riisin vienti kasvoi toukokuussa kymmenesosan."],
    "tr": ["Şehir gelecek yıl nehrin yakınına iki okul yapacak.", "Pirinç ihracatı mayıs ayında onda bir arttı."],
    "ro": ["Orașul va construi două școli lângă râu anul viitor.", "Exporturile de orez au crescut cu o zecime în mai."],
    "hu": ["A város jövőre két iskolát épít a folyó közelében.", "A rizs kivitele májusban egytizeddel nőtt."],
    "ru": ["Город построит две школы у реки в следующем году.", "Экспорт риса вырос в мае на одну десятую."],
    "uk": ["Місто збудує дві школи біля річки наступного року.", "Експорт рису зріс у травні на одну десяту."],
    "bg": ["Градът ще построи две училища край реката догодина.", "Износът на ориз нарасна през май с една десета, съобщиха от министерството."],
    "el": ["Η πόλη θα χτίσει δύο σχολεία κοντά στο ποτάμι του χρόνου."],
    "ar": ["ستبني المدينة مدرستين قرب النهر في العام المقبل."],
    "fa": ["شهر سال آینده دو مدرسه در نزدیکی رودخانه می‌سازد."],
    "he": ["העיר תבנה שני בתי ספר ליד הנהר בשנה הבאה."],
    "hi": ["शहर अगले साल नदी के पास दो स्कूल बनाएगा और यह काम मई में शुरू होगा।"],
    "th": ["เมืองจะสร้างโรงเรียนสองแห่งใกล้แม่น้ำในปีหน้า"],
    "lo": ["ເມືອງຈະສ້າງໂຮງຮຽນສອງແຫ່ງໃກ້ແມ່ນ້ຳໃນປີໜ້າ"],
    "km": ["ទីក្រុងនឹងសាងសង់សាលារៀនពីរនៅជិតទន្លេនៅឆ្នាំក្រោយ"],
}  # fmt: skip


def sets(folder: Path) -> dict[str, list[tuple[str, list[str]]]]:
    articles, paragraphs = [], []
    for path in sorted(folder.glob("*/*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        texts = [p["text"] for p in data["paragraphs"]]
        articles.append((data["lang"], texts))
        paragraphs.extend((data["lang"], [text]) for text in texts)
    sentences = [(lang, [text]) for lang, texts in SENTENCES.items() for text in texts]
    return {"articles": articles, "paragraphs": paragraphs, "sentences": sentences}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "seeds"
    peer = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    seen = ("en", "fr", "ja", "vi")

    def ours(texts: list[str]) -> str:
        return language.identify(texts, seen)

    def theirs(texts: list[str]) -> str:
        return str(peer.classify(" ".join(texts)[:1200])[0])

    asked = 0
    original = language._asked  # noqa: SLF001 - how often it is undecided is what the table is about

    def counted(*arguments: object) -> str:
        nonlocal asked
        asked += 1
        return original(*arguments)  # type: ignore[arg-type]

    language._asked = counted  # type: ignore[assignment]  # noqa: SLF001
    for name, rows in sets(folder).items():
        print(f"{name} (n={len(rows)})")
        for who, identify in (("tagger", ours), ("py3langid", theirs)):
            asked = 0
            times = []
            wrong = []
            for lang, texts in rows:
                started = time.perf_counter()
                answer = identify(texts)
                times.append(time.perf_counter() - started)
                if answer != lang:
                    wrong.append((lang, answer, texts[0][:50]))
            right = 1 - len(wrong) / max(1, len(rows))
            print(f"  {who:10} {right:.4f}  median {statistics.median(times) * 1e6:.0f} us  undecided {asked}")
            for row in wrong[:8]:
                print("      ", *row)


if __name__ == "__main__":
    main()
