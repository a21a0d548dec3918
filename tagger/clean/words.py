# ruff: noqa: E501 - tables of words
"""The literal words that the cleaning rules look for, in the languages of the news pages we met.

Whole lines are compared after `bare`: case folded, without bullets, arrows, colons and dots around them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

AROUND = " \t\u00a0\u3000:.…»«>›<|*•·-–—_=+[]【】■▶▼▲◆●→:＞>“”\"'"


def bare(text: str) -> str:
    """Return a short line as the tables of this module hold it."""
    return text.strip(AROUND).casefold()


def beginning(starts: tuple[str, ...]) -> Callable[[str], bool]:
    """Return the question whether a text begins with any of many words: mostly told by its first letters."""
    size = min(4, *map(len, starts))
    heads = frozenset(start[:size] for start in starts)

    def begins(text: str) -> bool:
        return text[:size] in heads and text.startswith(starts)

    return begins


def _words(*lines: str) -> frozenset[str]:
    """Return the ``;``-separated entries of some lines as a set."""
    return frozenset(entry.strip() for line in lines for entry in line.split(";") if entry.strip())


# Abbreviations keep their case: "MAP", "TAP" and "AP" are agencies, "map" and "tap" are words.
AGENCIES = _words(
    "VNA;VNS;VNA/VNS;VOV;VOV5;VOV.VN;VOVWORLD;VOVworld;VGP;NDO;SGGP;SGGPO;TTXVN;TTXVN/VNA;TTO;TPO;PLO;NLĐO;NLDO;CVN",
    "Vietnam+;VietnamPlus;Vietnamplus;vietnamplus;Vietnam Plus;VietNamNet;Vietnamnet;VnExpress;VNExpress;VTV;VTC News",
    "Dân trí;Dan Tri;Tuổi Trẻ;Thanh Niên;Nhân Dân;Nhan Dan;Tiền Phong;Lao Động;Báo Chính phủ;Chinhphu.vn;ANTĐ",
    "AFP;AP;Reuters;REUTERS;Reuter;Xinhua;XINHUA;Kyodo;KYODO;Kyodo News;Jiji;Jiji Press;NHK;Bernama;BERNAMA;Yonhap",
    "YONHAP;Antara;ANTARA;ANTARA News;PTI;ANI;IANS;TASS;Tass;Interfax;dpa;DPA;dpa-AFX;ots;EFE;Efe;ANSA;Ansa;Lusa;LUSA",
    "ATS;Keystone-ATS;Belga;BELGA;APA;Ritzau;NTB;STT;PAP;CTK;ČTK;MTI;AA;Anadolu;Anadolu Agency;MENA;WAM;SPA;KUNA;QNA;APS",
    "MAP;TAP;SANA;IRNA;MINA;CNA;Bloomberg;BLOOMBERG;UPI;ANP;KCNA;KPL;AKP;PNA;UNB;BSS;APP;Montsame;MONTSAME;NNA;BTA;HINA",
    "Agerpres;Tanjug;BELTA;BelTA;Ukrinform;Kazinform;AAP;ACN;ANGOP;GNA;NAN;TNA;Sputnik;RIA Novosti;Europa Press;Notimex",
    "Télam;Telam;Andina;La Presse canadienne;The Canadian Press;Agence;Agencies;Agency;Agencia;Agenturen;SDA;KNA;epd;idw",
    "越通社;共同;共同通信;共同通信社;時事;時事通信;時事通信社;ロイター;AFP時事;AFP=時事;ベトナム通信社;聯合ニュース;新華社;新华社;中新社;中新网;中央社",
    "人民网;人民網;法新社;路透社;美联社;澎湃新闻;연합뉴스;뉴시스;뉴스1;베트남통신사;로이터;교도",
)


def is_agency(text: str) -> bool:
    """Whether the text is the name of an agency, or several: ``VNA/VNS``."""
    if text in AGENCIES:
        return True
    if len(text) > 60 or not ("," in text or "/" in text or "; " in text or " - " in text):
        return False
    parts = [part.strip() for part in text.replace("/", ",").replace(" - ", ",").replace("; ", ",").split(",")]
    return len(parts) > 1 and all(part in AGENCIES for part in parts)


# In capitals before a dash or a colon, and yet no place.
NO_PLACES = _words(
    "UPDATE;UPDATED;BREAKING;BREAKING NEWS;EXCLUSIVE;WATCH;VIDEO;VIDEOS;PHOTO;PHOTOS;GALLERY;OPINION;ANALYSIS;INTERVIEW",
    "FEATURE;FOCUS;LIVE;NOTE;CORRECTION;EXPLAINER;FACTBOX;TIMELINE;EDITORIAL;COMMENT;REVIEW;PROFILE;NEWS;ALERT;INFOGRAPHIC",
    "AI;FDI;ODA;GDP;IT;ICT;EV;LNG;USD;VND;EU;UN;US;USA;UK;UAE;NATO;ASEAN;APEC;WTO;IMF;WHO;OECD;OPEC;BRICS;UNESCO;UNICEF;JICA",
    "JETRO;KOICA;CEO;CFO;PM;GRDP;CPI;PMI;FTA;EVFTA;CPTPP;RCEP;STEM;R&D;PPP;SME;SMES;BOT;CV;FAQ;Q;A;Q&A;PS;NB;TIP;TIPS;STEP",
    "EXCLUSIF;ENTRETIEN;REPORTAGE;PORTRAIT;ANALYSE;DIRECT;VIDÉO;PHOTOS;INFO;ALERTE;DOSSIER;TRIBUNE;ÉDITO;SONDAGE;PIB;IDE;UE",
    "ONU;OTAN;EILMELDUNG;KOMMENTAR;EXKLUSIV;ENTREVISTA;ÚLTIMA HORA;OPINIÓN;PIB;NÓNG;MỚI;CẬP NHẬT;PHÓNG SỰ;ẢNH;GDP",
)

# A whole line that says: from here on other articles.
TAIL_MARKERS = _words(
    "see more;read more;see also;read also;also read;more news;more stories;more from;related;related news;related stories",
    "related story;related articles;related article;related topics;related content;related posts;related links;most read",
    "most popular;most viewed;popular;trending;trending now;latest news;latest;latest stories;top stories;top news;other news",
    "others;recommended;recommended for you;recommended stories;you may also like;you might also like;you may like;don't miss",
    "keep reading;more on this story;more on this topic;more in this section;up next;next article;editor's picks;in other news",
    "voir plus;voir aussi;à voir aussi;à lire aussi;lire aussi;à lire;a lire aussi;à lire également;lire également;lire plus",
    "sur le même sujet;sur le même thème;dans la même rubrique;articles liés;articles similaires;articles associés;les plus lus",
    "à ne pas manquer;en lire plus;nos autres articles;autres articles;autres informations;à la une;dernières nouvelles",
    "pour aller plus loin;vous aimerez aussi;ces articles pourraient vous intéresser;les articles les plus lus",
    "xem thêm;tham khảo thêm;tin tham khảo;tin liên quan;bài liên quan;tin bài liên quan;bài viết liên quan;tin cùng chuyên mục;cùng chuyên mục;đọc thêm",
    "tin khác;các tin khác;tin mới;tin mới nhất;tin nổi bật;đọc nhiều;đọc nhiều nhất;tin đọc nhiều;có thể bạn quan tâm",
    "bạn có thể quan tâm;có thể bạn thích;đừng bỏ lỡ;tin xem nhiều;xem nhiều;tin tức liên quan;tin cùng chủ đề;bài viết khác",
    "関連記事;関連ニュース;関連リンク;関連トピックス;関連情報;もっと見る;もっとみる;あわせて読みたい;併せて読みたい;合わせて読みたい;こちらもおすすめ",
    "おすすめ記事;おすすめ;人気記事;最新記事;新着記事;アクセスランキング;ランキング;記事ランキング;他の記事を見る;この記事もおすすめ;続きを読む;次の記事;一覧を見る",
    "相关新闻;相关阅读;相关报道;相关文章;延伸阅读;推荐阅读;更多新闻;热门新闻;查看更多;相關新聞;相關報導;延伸閱讀;推薦閱讀;更多新聞;熱門新聞",
    "관련기사;관련 기사;관련 뉴스;더보기;더 보기;많이 본 뉴스;많이 본 기사;추천 기사;인기 기사;주요 뉴스;이 시각 주요뉴스;함께 보면 좋은 기사",
    "mehr zum thema;lesen sie auch;lesen sie mehr;mehr lesen;mehr anzeigen;das könnte sie auch interessieren;weitere artikel",
    "weitere meldungen;meistgelesen;meistgelesene artikel;auch interessant;mehr nachrichten;verwandte artikel",
    "ver más;leer más;lea también;lee también;te puede interesar;noticias relacionadas;artículos relacionados;más noticias",
    "lo más leído;más leídas;más leídos;también te puede interesar;últimas noticias;contenido relacionado",
    "leggi anche;vedi anche;articoli correlati;ultime notizie;potrebbe interessarti anche;leia também;veja também;leia mais",
    "notícias relacionadas;mais lidas;baca juga;berita terkait;artikel terkait;berita lainnya;terpopuler;lees ook;meer nieuws",
)

# One line that names another article: "Read also: ...".
POINTERS = tuple(
    sorted(
        _words(
            "read more;read also;also read;see also;see more;related;related news;don't miss;watch;watch also;read",
            "lire aussi;à lire aussi;à lire;lire également;voir aussi;xem thêm;đọc thêm;tin liên quan;関連記事;関連;あわせて読みたい",
            "lesen sie auch;lea también;lee también;ver también;leggi anche;leia também;baca juga;lees ook;相关阅读;相关新闻;관련기사",
        )
    )
)

# Names of sections and other single words of menus: a line of its own is navigation, whatever stands around it.
MENU_WORDS = _words(
    "home;homepage;politics;business;world;national;economy;society;culture;sports;sport;opinion;opinions;lifestyle;life",
    "markets;technology;tech;science;health;education;environment;travel;video;videos;photos;photo;news;local;weather;menu",
    "entertainment;international;asia;europe;americas;africa;search;about us;contact us;contact;sitemap;rss;archive;archives",
    "accueil;politique;économie;société;monde;sports;culture;santé;environnement;éducation;sciences;tourisme;régions;opinions",
    "vidéos;vidéo;photos;rechercher;nous contacter;plan du site;mentions légales;international;faits divers;france;actualités",
    "trang chủ;chính trị;kinh tế;xã hội;thế giới;văn hóa;văn hoá;thể thao;pháp luật;giáo dục;sức khỏe;đời sống;du lịch;khoa học",
    "công nghệ;giải trí;bạn đọc;ý kiến;thời sự;kinh doanh;môi trường;quốc tế;tin tức;liên hệ;tìm kiếm;đa phương tiện;chuyên đề",
    "ホーム;トップ;政治;経済;国際;社会;文化;スポーツ;地域;科学;生活;教育;環境;くらし;ニュース;動画;写真;特集;メニュー;検索;お問い合わせ;サイトマップ;エンタメ;オピニオン",
    "首页;时政;财经;国际;首頁;體育;体育;娱乐;홈;정치;경제;사회;국제;문화;스포츠;startseite;politik;wirtschaft;gesellschaft;kultur;wissen",
    "inicio;política;economía;sociedad;mundo;deportes;cultura;opinión;tecnología",
)

# Whole lines that belong to the page, not to the article.
INTERFACE = _words(
    "share;share this;share this article;share on facebook;facebook;twitter;x;linkedin;whatsapp;zalo;telegram;email;e-mail",
    "print;print this page;copy link;copy url;link copied;save;listen;listen to this article;comments;comment;leave a comment",
    "add a comment;no comments;0 comments;(0) comments;subscribe;sign up;sign in;log in;login;register;newsletter;advertisement",
    "advertising;ad;sponsored;back to top;top;tags;topics;follow us;font size;a a;a-;a+;skip to content;skip to main content",
    "accept all cookies;cookie settings;privacy policy;terms of use;close;next;previous;you are here;click here;download",
    "partager;imprimer;envoyer par mail;copier le lien;commentaires;commenter;réagir;s'abonner;se connecter;publicité;écouter",
    "retour en haut;suivez-nous;politique de confidentialité;mots-clés;réservé aux abonnés;article réservé aux abonnés",
    "chia sẻ;chia sẻ zalo;chia sẻ facebook;bình luận;gửi bình luận;in bài;in bài viết;in;gửi email;sao chép liên kết;lưu bài",
    "nghe đọc bài;đăng nhập;đăng ký;quảng cáo;từ khóa;chủ đề;thích;theo dõi;về đầu trang;0 bình luận;gửi;cỡ chữ;báo nói",
    "シェア;シェアする;ツイート;ツイートする;ポスト;印刷;印刷する;コメント;ログイン;会員登録;広告;ページトップへ;トップへ戻る;ブックマーク;保存;無料会員登録;有料会員限定;メルマガ登録",
    "分享;打印;评论;登录;注册;广告;공유;공유하기;인쇄;댓글;로그인;회원가입;구독;광고;글자크기;스크랩;기사저장",
    "teilen;drucken;kommentare;anzeige;werbung;anmelden;abonnieren;merken;compartir;imprimir;comentarios;publicidad;suscríbete",
)

# Beginnings of such lines, where the rest varies; the line is short.
INTERFACE_STARTS = (
    "you are here", "share this article", "share this story", "share this page", "sign up for", "subscribe to", "follow us on", "click here to", "log in to", "enter your email",
    "this website uses cookies", "we use cookies", "all rights reserved", "© ",
    "abonnez-vous", "inscrivez-vous à", "recevez notre", "recevez chaque", "suivez-nous sur", "tous droits réservés", "vous êtes ici",
    "cet article est réservé", "bạn đang xem", "ý kiến của bạn", "your comment", "mời quý độc giả", "theo dõi chúng tôi", "bản quyền thuộc",
    "đăng ký nhận", "現在位置", "この記事は会員", "会員限定記事", "メールマガジン", "無断転載", "禁无断转载", "版权所有", "저작권자", "무단 전재",
    "melden sie sich an", "jetzt abonnieren", "suscríbase a", "síguenos en", "todos los derechos",
)  # fmt: skip

# Beginnings of credit lines: sources, contacts, attachments.
CREDIT_STARTS = (
    "source:", "sources:", "source :", "sources :", "reported by", "reporting by", "additional reporting",
    "editing by", "edited by", "translated by", "compiled by", "written by", "posted by", "author:", "words and pictures", "text and photos",
    "media contact", "press contact", "contact presse", "contacts presse", "contact:", "contact :", "contacts:", "for more information, contact",
    "for media inquiries", "for press inquiries", "reach the newsroom", "pressekontakt",
    "source image", "texte et photos", "textes et photos", "propos recueillis par", "avec afp", "traduit par",
    "nguồn:", "nguồn :", "theo nguồn", "bài, ảnh", "bài và ảnh", "tin, ảnh", "bài:", "tin:", "thực hiện:", "tác giả:", "biên tập:",
    "liên hệ báo chí", "mọi chi tiết xin liên hệ", "phóng viên:", "出典:", "出典:", "出所:", "出所:", "取材・文", "文・写真", "聞き手・", "聞き手=",
    "聞き手:", "問い合わせ先", "お問い合わせ", "問合せ先", "【問い合わせ", "添付資料", "翻訳:", "編集:", "来源:", "来源:", "责任编辑", "責任編輯", "记者:",
    "출처:", "사진=", "quelle:", "quellen:", "communiqué de presse", "press release", "for immediate release", "thông cáo báo chí", "pressemitteilung", "fuente:", "fuentes:", "fonte:", "sumber:", "bron:",
)  # fmt: skip

# Beginnings of lines with the date of the page.
DATE_STARTS = (
    "published", "updated", "last updated", "posted", "date:", "publié le", "publié à", "mis à jour", "modifié le", "cập nhật", "ngày đăng",
    "đăng ngày", "xuất bản", "公開", "更新", "配信", "掲載", "发布时间", "发表时间", "發布時間", "입력", "등록", "수정", "veröffentlicht", "aktualisiert",
    "stand:", "publicado", "actualizado", "pubblicato", "diterbitkan",
)  # fmt: skip

# Words of dates; a line (or the part of a dateline) made of these and of digits is a date.
DATE_WORDS = _words(
    "january;february;march;april;may;june;july;august;september;october;november;december;jan;feb;mar;apr;jun;jul;aug;sep;sept",
    "oct;nov;dec;monday;tuesday;wednesday;thursday;friday;saturday;sunday;mon;tue;tues;wed;thu;thur;thurs;fri;sat;sun;am;pm;a;m;p",
    "gmt;utc;ict;jst;est;edt;pst;bst;cet;at;on;of;st;nd;rd;th;the;today;yesterday;hrs;ist;min;read",
    "janvier;février;mars;avril;mai;juin;juillet;août;septembre;octobre;novembre;décembre;janv;févr;fév;avr;juil;sept;déc;lundi",
    "mardi;mercredi;jeudi;vendredi;samedi;dimanche;le;du;à;h;er;et;de;ce;heure;heures",
    "ngày;tháng;năm;thứ;hai;ba;tư;sáu;bảy;chủ;nhật;lúc;giờ;phút;t2;t3;t4;t5;t6;t7;cn;sáng;chiều;tối;trưa;ch;sa",
    "januar;februar;märz;juni;juli;oktober;dezember;montag;dienstag;mittwoch;donnerstag;freitag;samstag;sonntag;uhr;um;den;der;dez;okt",
    "enero;febrero;marzo;abril;mayo;junio;julio;agosto;septiembre;octubre;noviembre;diciembre;ene;abr;ago;dic;lunes;martes",
    "miércoles;jueves;viernes;sábado;domingo;hs;del;el;gennaio;febbraio;aprile;maggio;giugno;luglio;settembre;ottobre;dicembre",
    "年;月;日;時;分;更新;公開;配信;午前;午後;月曜日;火曜日;水曜日;木曜日;金曜日;土曜日;日曜日;时;点;年月日;火;水;木;金;土;년;월;일;시;오전;오후",
)

# What stands in brackets, or before a colon, where a picture is credited.
PHOTO_WORDS = (
    "photo", "photos", "photograph", "picture", "pictures", "image", "images", "illustration", "illustrative", "file photo", "graphic", "screenshot",
    "infographic", "map", "credit", "courtesy", "source", "crédit", "crédits", "ảnh", "hình", "hình ảnh", "nguồn", "đồ họa", "đồ hoạ", "ảnh minh họa", "ảnh minh hoạ", "minh họa",
    "写真", "撮影", "画像", "提供", "資料写真", "図", "イラスト", "出典", "資料", "照片", "图片", "圖片", "图", "攝影", "摄影", "资料图", "来源", "사진", "자료사진", "이미지", "출처",
    "foto", "fotos", "bild", "fotografía", "imagen", "fuente", "fotografia", "immagine", "gambar", "ilustrasi", "dok", "beeld",
)  # fmt: skip

# Where people stand in a picture: the last word in brackets.
POSITIONS = _words(
    "left;right;centre;center;middle;from left;from right;gauche;droite;trái;phải;giữa;ngoài cùng;bên trái;bên phải;右;左;中央;中;奥;手前;前列;後列;右端;左端",
    "右から2人目;左から2人目;왼쪽;오른쪽;가운데;links;rechts;mitte;izquierda;derecha;centro;sinistra;destra;esquerda;direita;kiri;kanan;tengah",
)
POSITION_LETTERS = frozenset("lrcgdtp")  # (L), (R): also parties and units, so only in lines that are no sentence

# The end of a text, on a line of its own.
END_MARKS = _words(
    "/.;./.;enditem;(end);ends;end;(ends);hết;(hết);fin;(fin);fin.;(終);(完);(了);(終わり);ende;(ende);끝;(끝);(完结);(以上);-30-;#end#",
)
