"""The judge of pages finds what it is there to find."""

import pytest
from house_html import faults

PAGE = '<!doctype html><html lang="en"><head><title>A page | Site</title></head><body><main>{}</main></body></html>'
ALERT = '<div role="alert"><a href="#a">A</a></div>'
REFUSED = '<label for="a">A</label><p class="error" id="a_error">No.</p><input id="a" aria-invalid="true" {}>'
WRONG = {
    "<h1>A</h1><p><ul><li>b</li></ul></p>": "unexpected-end-tag",
    '<h1 id="a">A</h1><p id="a">b</p>': "The id 'a' is there 2 times.",
    "<h1>A</h1><h3>b</h3>": "A level is left out before <h3 {}> b",
    "<h2>A</h2>": "The headings do not begin with the only h1: [2]",
    '<h1>A</h1><label for="b">c</label>': "for of <label {}> c points to no id: b",
    '<h1>A</h1><a href="#b">c</a>': "There is no #b on the page",
    "<h1>A</h1><ul></ul>": "A list is empty: <ul {}>",
    "<h1>A</h1><ul><p>b</p></ul>": "<p> may not stand in <ul {}> b",
    "<h1>A</h1><span><div>b</div></span>": "<div> may not stand in <span {}> b",
    '<h1>A</h1><a href="/"><button>b</button></a>': "<button> may not stand in",
    '<h1 style="color:red">A</h1>': "Styles and scripts belong into files: style",
    "<h1>A</h1><script>b</script>": "Styles and scripts belong into files",
    '<h1 colour="red">A</h1>': "There is no attribute colour",
    "<h1>A</h1><c-card>b</c-card>": "There is no element c-card",
    '<h1>A</h1><input name="b">': "A field has no label",
    '<h1>A</h1><a href="/"></a>': "Nothing says what this does",
    "<h1>A</h1><table><tbody><tr><td>b</td></tr></tbody></table>": "A table has no caption",
    "<h1>A</h1>" + ALERT + REFUSED.format(""): "Nothing beside the field says why it was refused",
    "<h1>A</h1>" + REFUSED.format('aria-describedby="a_error"'): "No summary leads to the refused field",
}


@pytest.mark.parametrize("body", WRONG)
def test_what_is_wrong_is_found(body):
    told = faults(PAGE.format(body))
    assert [fault.startswith(WRONG[body]) for fault in told] == [True]


def test_a_valid_page_is_left_alone():
    body = "<h1>A</h1>" + ALERT + REFUSED.format('aria-describedby="a_error"')
    assert faults(PAGE.format(body + '<svg viewBox="0 0 1 1"><rect height="1"/></svg>')) == ()
