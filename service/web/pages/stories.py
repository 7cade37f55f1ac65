"""Lists to try: outlets as they typically cover a kind of story, typed as people type them."""

from typing import NamedTuple


class ExampleList(NamedTuple):
    """A list with the words of its link."""

    name: str
    outlets: str


EXAMPLES = (
    ExampleList(
        "a summit abroad, 24 outlets",
        "\n".join(
            (
                *("reuters.com", "apnews.com", "BBC News", "https://www.straitstimes.com/world", "dw.com"),
                *("The Moscow Times", "aljazeera.com", "france24.com", "The Guardian", "nytimes.com"),
                *("washingtonpost.com", "wsj.com", "bloomberg.com", "CNN", "foxnews.com", "nypost.com"),
                *("independent.co.uk", "telegraph.co.uk", "TASS", "rt.com", "Arab News", "rferl.org"),
                *("scmp.com", "The Times"),
            )
        ),
    ),
    ExampleList(
        "a vote in the Senate",
        "Politico, The Hill, Axios, NPR, CNN, Fox News, MSNBC, New York Post, The Daily Wire, "
        "National Review, Reuters, USA Today",
    ),
    ExampleList(
        "a new phone",
        "Mark Writer / The Verge:\nPhone maker shows a thinner phone  —  It costs more than the last one.\n"
        "More: Engadget, TechCrunch, Wired, Ars Technica and CNET\n3 hours ago",
    ),
)
