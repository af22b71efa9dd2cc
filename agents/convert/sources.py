"""How CRMs call the origin of a lead, and what the contract calls it."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from agents.convert.cells import narrow

SOURCES = (
    "demo_request", "contact_sales", "free_trial", "pricing_inquiry", "content_download",
    "webinar", "event", "web_form", "chat", "paid_ad", "website_visit", "seo", "social",
    "referral", "materials_request", "outbound", "purchased_list", "phone", "other",
)  # fmt: skip
"""The contract's list (section 2, lead.captured)."""

# E-mail marketing has no name of its own in the contract. We wrote to the person first, so it is
# `outbound`. Direct traffic says no more than that somebody came to the web site.
_ORIGINS: dict[str, tuple[str, ...]] = {
    "demo_request": ("demo", "request a demo", "book a demo", "デモ依頼"),
    "contact_sales": ("contact us", "contact form", "inquiry", "問い合わせ", "お問い合わせ"),
    "free_trial": ("trial", "free trial signup", "無料トライアル"),
    "pricing_inquiry": ("pricing", "quote request", "request a quote", "見積依頼"),
    "content_download": ("whitepaper", "white paper", "ebook", "download", "ホワイトペーパー"),
    "webinar": ("online seminar", "ウェビナー", "オンラインセミナー"),
    "event": ("trade show", "tradeshow", "conference", "seminar", "seminar internal",
              "seminar partner", "events", "展示会", "セミナー", "イベント"),
    "web_form": ("web", "website", "web site", "web form", "form", "ウェブ", "webサイト"),
    "chat": ("live chat", "chatbot", "conversations", "チャット"),
    "paid_ad": ("paid search", "paid social", "advertisement", "advertising", "google adwords",
                "google ads", "linkedin ads", "facebook ads", "広告"),
    "website_visit": ("direct traffic", "direct"),
    "seo": ("organic search", "organic"),
    "social": ("social media", "organic social", "facebook", "linkedin", "twitter"),
    "referral": ("referrals", "ai referrals", "partner referral", "employee referral",
                 "external referral", "customer referral", "partner", "word of mouth", "紹介"),
    "materials_request": ("brochure request", "資料請求"),
    "outbound": ("cold call", "prospecting", "email marketing", "email", "direct mail"),
    "purchased_list": ("list", "bought list", "購入リスト"),
    "phone": ("phone inquiry", "phone call", "telephone", "inbound call", "電話"),
    "other": ("offline", "offline sources", "other campaigns"),
}  # fmt: skip
_NOT_A_LETTER = re.compile(r"[\W_]+")
CAMPAIGN_SOURCES = frozenset(
    {"paid search", "paid social", "email marketing", "social media", "organic social",
     "other campaigns"}
)  # fmt: skip
"""HubSpot sources whose first drill-down is the campaign's name."""


def source_key(text: str) -> str:
    """The text as sources are compared: EMAIL_MARKETING, "E-mail Marketing": "email marketing"."""
    words = _NOT_A_LETTER.sub(" ", narrow(text).casefold()).strip()
    return words.replace("e mail", "email")


def _table() -> dict[str, str]:
    table = {source_key(name): name for name in SOURCES}
    for source, names in _ORIGINS.items():
        table.update(dict.fromkeys(map(source_key, names), source))
    return table


KNOWN_SOURCES: Mapping[str, str] = MappingProxyType(_table())
"""What HubSpot, Salesforce and their users write, by `source_key`."""
