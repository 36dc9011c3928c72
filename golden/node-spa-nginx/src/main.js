import { h, render } from "preact";

render(h("ul", null, h("li", null, "write tests")), document.getElementById("app"));
