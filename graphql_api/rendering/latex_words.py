r"""Words: commands and environments of KaTeX that the converter lacks, and those of its own that stand for them."""

from __future__ import annotations

from typing import Final

RENAMED: Final = {
    r"\AA": r"\text{Å}",
    r"\KaTeX": r"\text{KaTeX}",
    r"\LaTeX": r"\text{LaTeX}",
    r"\TeX": r"\text{TeX}",
    r"\centerdot": r"\cdot ",
    r"\clap": "",
    r"\dotsb": r"\cdots ",
    r"\dotsc": r"\ldots ",
    r"\dotsi": r"\cdots ",
    r"\dotsm": r"\cdots ",
    r"\dotso": r"\ldots ",
    r"\euro": r"\text{€}",
    r"\hdots": r"\ldots ",
    r"\intop": r"\int ",
    r"\llap": "",
    r"\mathclap": "",
    r"\mathellipsis": r"\ldots ",
    r"\mathllap": "",
    r"\mathnormal": "",
    r"\mathrlap": "",
    r"\nshortmid": r"\nmid ",
    r"\nshortparallel": r"\nparallel ",
    r"\pmb": r"\boldsymbol ",
    r"\rlap": "",
    r"\sdot": r"\cdot ",
    r"\shortmid": r"\mid ",
    r"\shortparallel": r"\parallel ",
    r"\smallfrown": r"\frown ",
    r"\smallint": r"\int ",
    r"\smallsetminus": r"\setminus ",
    r"\smallsmile": r"\smile ",
    r"\sout": r"\cancel ",
    r"\textdegree": r"\text{°}",
    r"\thickapprox": r"\approx ",
    r"\thicksim": r"\sim ",
    r"\varinjlim": r"\underrightarrow{\lim}",
    r"\varprojlim": r"\underleftarrow{\lim}",
    r"\varpropto": r"\propto ",
    r"\vcenter": "",
}
"""What is written instead, where the next argument stays what it is."""

STARRED: Final = frozenset((r"\operatorname", r"\hspace", r"\vspace", r"\tag", r"\DeclareMathOperator"))
"""Commands that have a form with a star; behind any other one a star is an operator."""

TEXT: Final = {
    **{f"\\{name}": f"\\{name}" for name in ("text", "textbf", "textit", "textrm", "textsf", "texttt")},
    **{f"\\{name}": r"\text" for name in ("hbox", "mbox", "textmd", "textnormal", "textsc", "textup")},
    r"\textsl": r"\textit",
    r"\emph": r"\textit",
}
"""Commands whose argument is text, and what each is for the converter."""

SIZES: Final = {
    r"\tiny": 0.5,
    r"\sixptsize": 0.6,
    r"\scriptsize": 0.7,
    r"\footnotesize": 0.8,
    r"\small": 0.9,
    r"\normalsize": 1.0,
    r"\large": 1.2,
    r"\Large": 1.44,
    r"\LARGE": 1.728,
    r"\huge": 2.074,
    r"\Huge": 2.488,
}
"""Commands that change the size of what follows in their group, in em (KaTeX's own factors)."""

LINES: Final = {
    r"\overline": "border-top:0.06em solid;padding-top:0.12em",
    r"\overlinesegment": "border-top:0.06em solid;padding-top:0.12em",
    r"\underline": "border-bottom:0.06em solid;padding-bottom:0.12em",
    r"\underlinesegment": "border-bottom:0.06em solid;padding-bottom:0.12em",
    r"\underbar": "border-bottom:0.06em solid;padding-bottom:0.12em",
}
"""Lines over and under an argument, as styles: a stretched character needs a math font to reach its ends."""

ENVIRONMENTS: Final = {
    "split": "aligned",
    "alignedat": "aligned",
    "alignat": "align",
    "alignat*": "align*",
    "darray": "array",
    "smallmatrix": "matrix",
    "subarray": "array",
    "eqnarray": "array",
    "eqnarray*": "array",
}
"""Environments that are the converter's own by another name."""

COUNTED: Final = frozenset(("alignat", "alignat*", "alignedat"))
"""Environments whose argument is a number of columns, which the converter counts itself."""

COLUMNED: Final = frozenset(("array", "darray", "subarray"))
"""Environments whose argument says how each column is aligned."""

SMALL: Final = frozenset(("smallmatrix", "subarray"))
"""Environments in the size of an index."""

NUMBERED: Final = frozenset(
    ("equation", "equation*", "align", "align*", "gather", "gather*", "multline", "multline*", "alignat", "alignat*")
)
"""Environments that show a tag themselves."""

FENCES: Final = {
    "matrix*": (".", "."),
    "pmatrix*": ("(", ")"),
    "bmatrix*": ("[", "]"),
    "Bmatrix*": (r"\{", r"\}"),
    "vmatrix*": ("|", "|"),
    "Vmatrix*": (r"\|", r"\|"),
}
"""Matrices that may say how all their columns are aligned, and their brackets."""

PLAIN: Final = {
    r"\cases": "cases",
    r"\displaylines": "gathered",
    r"\eqalign": "aligned",
    r"\matrix": "matrix",
    r"\pmatrix": "pmatrix",
}
"""Plain TeX's commands whose one argument has rows, and their environments."""
ANGLES: Final = {"<": r"\langle", ">": r"\rangle", r"\lt": r"\langle", r"\gt": r"\rangle"}
"""What stands for a bracket behind a command that sizes it."""
SIZED: Final = frozenset(
    (r"\middle", *(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")))
)
