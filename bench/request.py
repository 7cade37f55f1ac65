"""The one request that every server is measured with: 24 entries as an app sends them."""

import json

ENTRIES = [
    "https://www.reuters.com/world/asia-pacific/putin-arrives-in-tajikistan-2025-10-08/",
    "https://www.nytimes.com/2025/10/08/world/europe/putin-tajikistan.html?smid=url-share",
    "https://www.theguardian.com/world/2025/oct/08/putin-central-asia-summit",
    "https://www.dw.com/en/putin-in-tajikistan/a-74283301",
    "https://www.france24.com/en/asia-pacific/20251008-putin-in-dushanbe",
    "https://www.aljazeera.com/news/2025/10/8/putin-arrives-in-dushanbe",
    "https://www.straitstimes.com/asia/putin-arrives-for-summit-meetings-in-tajikistan",
    "https://www.independent.co.uk/news/world/europe/putin-tajikistan-b2841234.html",
    "https://www.washingtonpost.com/world/2025/10/08/putin-tajikistan/",
    "https://www.wsj.com/world/russia/putin-central-asia-7c1d2f3a",
    "https://www.dailymail.co.uk/news/article-15174001/Putin-Tajikistan.html",
    "https://www.bbc.com/news/articles/c4gpz163vg2o",
    "https://www.npr.org/2025/10/08/nx-s1-5566778/putin-tajikistan",
    "https://www.rferl.org/a/putin-tajikistan-summit/33551234.html",
    "https://tass.com/politics/2027001",
    "https://local-news.example/putin",
    "apnews.com",
    "foxnews.com",
    "cnn.com",
    "breitbart.com",
    "newsmax.com",
    "politico.com",
    "arabnews.com",
    "themoscowtimes.com",
]
BODY = json.dumps({"outlets": ENTRIES}).encode()
PATH = "/v1/distribution"
