"""Free-mail domains: mailboxes of people, which never name a company."""

_DOMAINS = frozenset((
    "126.com", "139.com", "163.com", "189.cn", "abv.bg", "aim.com", "alice.it", "aol.com",
    "aol.de", "arcor.de", "att.net", "bellsouth.net", "bigpond.com", "bk.ru", "bluewin.ch",
    "btinternet.com", "centrum.cz", "charter.net", "comcast.net", "cox.net", "daum.net",
    "docomo.ne.jp", "earthlink.net", "email.com", "email.cz", "ezweb.ne.jp", "fastmail.com",
    "fastmail.fm", "foxmail.com", "free.fr", "freenet.de", "gmail.com", "gmx.at", "gmx.ch",
    "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.ca",
    "hotmail.co.jp", "hotmail.co.uk", "hotmail.com", "hotmail.de", "hotmail.es", "hotmail.fr",
    "hotmail.it", "icloud.com", "inbox.lv", "inbox.ru", "interia.pl", "juno.com", "kakao.com",
    "laposte.net", "libero.it", "list.ru", "live.ca", "live.co.uk", "live.com", "live.de",
    "live.fr", "live.it", "live.jp", "live.nl", "mac.com", "mail.com", "mail.ru", "me.com",
    "msn.com", "nate.com", "naver.com", "netscape.net", "netzero.net", "ntlworld.com", "o2.pl",
    "onet.pl", "optonline.net", "optusnet.com.au", "orange.fr", "outlook.com", "outlook.de",
    "outlook.es", "outlook.fr", "outlook.it", "outlook.jp", "pm.me", "proton.me",
    "protonmail.ch", "protonmail.com", "qq.com", "rambler.ru", "rediffmail.com",
    "rocketmail.com", "sapo.pt", "sbcglobal.net", "seznam.cz", "sfr.fr", "shaw.ca", "sina.com",
    "sky.com", "softbank.ne.jp", "sohu.com", "sympatico.ca", "t-online.de", "talktalk.net",
    "telenet.be", "terra.com.br", "tiscali.it", "tuta.io", "tutanota.com", "ukr.net",
    "uol.com.br", "verizon.net", "virgilio.it", "virgin.net", "virginmedia.com", "wanadoo.fr",
    "web.de", "wp.pl", "xtra.co.nz", "ya.ru", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp",
    "yahoo.co.uk", "yahoo.com", "yahoo.com.au", "yahoo.com.br", "yahoo.com.mx", "yahoo.de",
    "yahoo.es", "yahoo.fr", "yahoo.in", "yahoo.it", "yandex.com", "yandex.ru", "yeah.net",
    "ymail.com", "ziggo.nl", "zoho.com", "zohomail.com",
))  # fmt: skip


def is_free_mail(domain: str, more: tuple[str, ...] = ()) -> bool:
    """Whether a registrable domain is a free-mail provider's; `more` are the policy's own."""
    return domain in _DOMAINS or domain in more
