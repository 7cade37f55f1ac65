"""Lists to try: outlets that reported a real story, typed as people type them."""

from typing import NamedTuple


class ExampleList(NamedTuple):
    """A list with the words of its link."""

    name: str
    outlets: str


# Each list has the first outlets of one story in a collection of news pages from August 2025, in its order.
EXAMPLES = (
    ExampleList(
        "The US takes a tenth of Intel, 24 outlets",
        "\n".join(
            (
                *(
                    "siliconrepublic.com",
                    "Legal Insurrection",
                    "CBS News",
                    "dailysabah.com",
                    "calcalistech.com",
                ),
                *("legitgov.org", "Boston Herald", "The Boston Globe", "gizmodo.com", "ronpaulinstitute.org"),
                *(
                    "seekingalpha.com",
                    "TechCrunch",
                    "crooksandliars.com",
                    "michaelsavage.com",
                    "columbian.com",
                ),
                *("Fortune", "westhawaiitoday.com", "hawaiitribune-herald.com", "Mediaite"),
                *("https://english.almayadeen.net/", "The Hindu", "politicalwire.com", "Times of Malta"),
                "theconservativetreehouse.com",
            )
        ),
    ),
    ExampleList(
        "A festival stops a band, 12 outlets",
        "jta.org, Pitchfork, The National, hampshirechronicle.co.uk, 7NEWS, standard.co.uk, Sky News, "
        "Press TV, independent.ie, Arab News, BBC, theargus.co.uk",
    ),
    ExampleList(
        "New Zealand stops parcels to the US, as a pasted page",
        "The Hindu:\nNew Zealand Post sends no more parcels to the US  —  New tariffs are the reason.\n"
        "More: The Independent, Greek Reporter, The Wire, Fortune, Fox Business and Newsweek\n3 hours ago",
    ),
)
