# ruff: noqa: E501 - tables of words
"""Frequent little words of languages in Latin letters, and letters that only some of them use."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "en": "the of and to in a is that for with was on as by at from are has have had be this it its an or which were will would "
    "said not but he she they his her their who been than more after into also about over when where all one two between under during",
    "fr": "le la les des du de et à en un une dans pour par sur que qui est ont a été au aux avec l d s qu n c se ses son sa leur leurs "
    "ce cette ces il elle ils plus pas ne sont sera dont entre mais ou où selon après depuis lors ainsi aussi notamment comme deux y",
    "vi": "của và các với trong được cho là những đã này có một không đến tại về từ khi người ông bà năm cũng để theo nhiều việc "
    "trên vào ra sẽ đang hai bên như sau hơn thì còn mà nước ngày do phải đầu tư tỉnh cùng giữa sự qua lại làm",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach "
    "wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch sein wurde wurden seit",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre este ya "
    "entre cuando todo esta ser son dos también fue había era muy años hasta desde está según han tras donde durante millones",
    "it": "di che e la il un a per è in una non sono da con del si le i della nel dei alla al delle ha più anche gli lo come ma dal se "
    "degli nella tra questo questa dalla sul stato essere hanno su anni due dopo suo sua ed loro ai alle nelle sulla cui",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando "
    "muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus nas são anos sobre após",
    "nl": "de het een van en in is dat op te zijn met voor niet aan er om ook als dan bij nog uit naar heeft door over ze hij worden "
    "wordt was werd maar hebben deze die tot kan meer wel geen of onder tussen jaar hun zich moet zal na al veel volgens",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya ke karena tersebut bisa ada mereka lebih kata tahun "
    "sudah atau saat oleh menjadi orang seorang sebagai telah adalah bahwa para namun hanya dia belum harus hingga serta",
    "ms": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke kerana tersebut boleh ada mereka lebih kata tahun sudah atau "
    "oleh menjadi orang sebagai telah ialah bahawa para beliau daripada kepada berkata iaitu kita pelbagai negara negeri supaya bagi",
    "tl": "ang ng sa na mga ay at ni si para kay nang hindi ito siya niya may kanyang mula ayon kung din rin pa sila nila noong isang",
    "pl": "w i na z do się nie to że jest o jak po za od przez są dla przy oraz który która które co ale lub jego roku już tym ich był było "
    "być także ze pod tego jednak może między",
    "cs": "a v na se je že z do o s to i jako k ve za podle pro po od které který ale by jsou aby která také má při byl bylo jeho než až "
    "nebo ze bude roce mezi před uvedl",
    "sk": "a v na sa je že z do o s to aj ako k vo za podľa pre po od ktoré ktorý ale by sú aby ktorá tiež má pri bol bolo jeho než až "
    "alebo zo bude roku medzi pred uviedol",
    "ro": "de și în a la cu pe din că este o un pentru care se nu mai al prin după fost sunt ca sau au lui într ale unei fi ani între "
    "despre acest această cele către",
    "hu": "a az és hogy nem is egy van ez meg volt csak de már el ki mint vagy fel lesz még ha után szerint között által aki amely "
    "azt lehet ezt majd évben",
    "sv": "och i att det som en på är av för med till den har de inte om ett han var men från sig så vid under kan efter när vi hon "
    "också eller mot där ska skulle mellan enligt året",
    "da": "og i at det som en på er af for med til den har de ikke om et han var men fra sig så ved under kan efter når vi hun "
    "også eller mod der skal blev mellem ifølge året være",
    "no": "og i at det som en på er av for med til den har de ikke om et han var men fra seg så ved under kan etter når vi hun "
    "også eller mot der skal ble mellom ifølge året være",
    "fi": "ja on ei että se oli hän myös mutta ovat joka kun tai niin sekä mukaan kuin jo vain vuoden ole sen olisi jos ovat jotka ennen "
    "mutta tämä kanssa jälkeen vuonna",
    "tr": "ve bir bu da de için ile olarak olan daha çok en gibi kadar sonra ise değil ne var her ancak olduğunu yıl ya dedi göre "
    "tarafından arasında üzerinde olduğu yeni",
    "sw": "na ya wa kwa ni katika za la kuwa cha hii huo hiyo yake wake kama au baada pia alisema kutoka watu nchi mwaka zaidi hilo",
    "ca": "de la el i en a els que les per amb un una del al és no dels va es més com seva seu aquest aquesta també però ha han entre",
}  # fmt: skip

#: Letters that tell where the little words do not: in Latin letters, by language.
LETTERS: dict[str, str] = {
    "vi": "ơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹĩ",
    "fr": "èêëçœùîïûâ", "de": "ßäöü", "es": "ñ¿¡", "pt": "ãõç", "pl": "łżąęśźćń", "cs": "řěůčšž", "sk": "ľĺŕôčšž", "ro": "șțăşţ", "hu": "őű",
    "sv": "äåö", "da": "øæå", "no": "øæå", "fi": "äö", "tr": "ğşıİ",
}  # fmt: skip

#: Scripts that one language of the news uses, by first and last character.
SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("\u0370", "\u03ff", "el"), ("\u0400", "\u052f", "cyrillic"), ("\u0531", "\u058f", "hy"), ("\u0590", "\u05ff", "he"),
    ("\u0600", "\u077f", "arabic"), ("\u0900", "\u097f", "devanagari"), ("\u0980", "\u09ff", "bn"), ("\u0a00", "\u0a7f", "pa"),
    ("\u0a80", "\u0aff", "gu"), ("\u0b00", "\u0b7f", "or"), ("\u0b80", "\u0bff", "ta"), ("\u0c00", "\u0c7f", "te"), ("\u0c80", "\u0cff", "kn"),
    ("\u0d00", "\u0d7f", "ml"), ("\u0d80", "\u0dff", "si"), ("\u0e00", "\u0e7f", "th"), ("\u0e80", "\u0eff", "lo"), ("\u0f00", "\u0fff", "bo"),
    ("\u1000", "\u109f", "my"), ("\u10a0", "\u10ff", "ka"), ("\u1100", "\u11ff", "ko"), ("\u1200", "\u139f", "am"), ("\u1780", "\u17ff", "km"),
    ("\u1800", "\u18af", "mn"), ("\u3040", "\u30ff", "kana"), ("\u3130", "\u318f", "ko"), ("\u3400", "\u9fff", "han"), ("\uac00", "\ud7af", "ko"),
    ("\uf900", "\ufaff", "han"), ("\uff66", "\uff9f", "kana"), ("\U00020000", "\U0003ffff", "han"),
)  # fmt: skip

#: Characters written so in Japanese but not in Chinese, and the other way round, for lines without kana.
JAPANESE_KANJI = frozenset(
    "県円発対済実験駅広図両党労働単変収応従歳売読辺鉄関権検剣込峠畑匂枠栃塚戦圧囲壱栄営駆桜価気帰拠拡覚楽転伝仏払壊懐継"
)
CHINESE_HANZI = frozenset(
    "这们来为发对经济实验门时间东业车两劳动单变应从岁卖读边铁关权检营价气归据扩觉乐转传说个么没还进过长问开见现与让产务员这會與國經濟發對實驗廣兩勞單變應從歲賣讀邊鐵關權檢這們說個沒還過"
)

#: Letters of Cyrillic and Arabic writing that decide between languages; the first that occurs often enough wins.
CYRILLIC: tuple[tuple[str, str], ...] = (
    ("uk", "іїєґ"), ("be", "ў"), ("kk", "қғңұәһ"), ("mn", "өү"), ("mk", "ѓќѕ"), ("sr", "јљњђћџ"), ("ru", "ыэё"), ("bg", "ъщ"),
)  # fmt: skip
ARABIC: tuple[tuple[str, str], ...] = (("ur", "ٹڈےںھ"), ("fa", "پچژگی"), ("ar", "ةىيك"))
