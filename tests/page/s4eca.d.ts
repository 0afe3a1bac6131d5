// Tests import the embedded module within a page, where it is beside the page.
export * from "../../www/embed/s4eca.js";
