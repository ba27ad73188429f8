"""The page to look at: what a tenant of the served sandbox holds, what it was asked, and a token debugger.

Written on the server as HTML 5 without scripts. `answers` tells which requests are the page's and answers
them; `contents` reads the tenant, `debugger` issues and judges tokens, `rendering` fills the templates.
"""
