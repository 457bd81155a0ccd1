// What a page looks like to somebody, measured in the page itself. Each function lists faults as words.
(() => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
  const named = (node) => {
    const { tagName, id, className } = node;
    const said = (node.ariaLabel || node.innerText || "").trim().slice(0, 30);
    return `${tagName.toLowerCase()}${id && "#" + id}${className && "." + className.split(" ")[0]} “${said}”`;
  };
  const all = (wanted) => [...document.querySelectorAll(wanted)].filter(seen);

  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  // The colours that lie behind a node, all of a gradient's.
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(at);
      if (backgroundImage !== "none") return backgroundImage.match(/rgba?\([^)]*\)/g);
      if (!/, 0\)$|transparent/.test(backgroundColor)) return [backgroundColor];
    }
    return ["white"];
  };
  const least = (colour, node) => Math.min(...behind(node).map((other) => contrast(colour, other)));

  const uncovered = (node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const points = [0.02, 0.25, 0.5, 0.75, 0.98].flatMap((x) => [0.1, 0.5, 0.9].map((y) =>
      document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y)));
    return points.some((hit) => hit && (node.contains(hit) || (hit.contains(node)
      && hit !== document.body && hit !== document.documentElement && !hit.matches("main, section"))));
  };

  return {
    sideways: () => {
      const excess = document.documentElement.scrollWidth - innerWidth;
      if (excess <= 0) return [];
      const wide = all("body *").filter((node) => node.getBoundingClientRect().right > innerWidth + 1);
      return [`${excess} px to scroll sideways at ${innerWidth} px: ${wide.slice(0, 2).map(named)}`];
    },

    clipped: () => all("body *")
      .filter((node) => !node.matches("textarea, select, option, input, .aloud, .card-others, .card-others *, picture, img"))
      .filter((node) => {
        const { overflowX, overflowY } = getComputedStyle(node);
        return (overflowY !== "visible" && node.scrollHeight > node.clientHeight + 1)
          || (overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1);
      })
      .map((node) => `cut off: ${named(node)}`),

    // Links may be smaller where they have room around them (axe: target-size); what is pressed may not.
    targets: () => all("button, .button, input, select, textarea, summary")
      .filter((node) => {
        const { width, height } = node.getBoundingClientRect();
        return Math.min(width, height) < 23.9;
      })
      .map((node) => `smaller than 24 px: ${named(node)}`),

    links: () => all("a:not(.button, [aria-current])")
      .filter((node) => !getComputedStyle(node).textDecorationLine.includes("underline"))
      .map((node) => `not underlined: ${named(node)}`),

    borders: () => all("textarea, select, input:not([type=checkbox])")
      .filter((node) => least(getComputedStyle(node).borderTopColor, node.parentElement) < 3)
      .map((node) => `faint border: ${named(node)}`),

    edges: () => all("button, .button, textarea, select, input:not([type=checkbox])")
      .filter((node) => {
        const { borderTopStyle, borderTopWidth, textDecorationLine } = getComputedStyle(node);
        const edge = borderTopStyle !== "none" && parseFloat(borderTopWidth) >= 1;
        return !edge && !textDecorationLine.includes("underline");
      })
      .map((node) => `no edge in forced colours: ${named(node)}`),

    moving: () => [
      ...(getComputedStyle(document.documentElement).scrollBehavior === "auto" ? [] : ["scrolling is animated"]),
      ...document.getAnimations().map((animation) => `animated: ${named(animation.effect.target)}`),
    ],

    focused: () => {
      const node = document.activeElement;
      if (!node || node === document.body) return null;
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(node);
      const around = node.parentElement ?? node;
      const drawn = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && least(outlineColor, around) >= 3;
      const said = named(node);
      return { said, faults: [
        ...(drawn ? [] : [`focus cannot be seen: ${said}`]),
        ...(uncovered(node) ? [] : [`focus is covered: ${said}`]),
      ] };
    },

    // What lies at the screen's foot is brought up by its focus, from below whatever is docked there.
    covered: () => all("a, button, input, select, textarea, summary").filter((node) => {
      if (getComputedStyle(node).position === "fixed") return false; // it lies there itself
      const { bottom } = node.getBoundingClientRect();
      scrollBy({ top: bottom - innerHeight + 24, behavior: "instant" });
      node.focus();
      return !uncovered(node);
    }).map((node) => `covered at the foot of the screen: ${named(node)}`),

    markup: ([language, direction]) => {
      const page = document.documentElement;
      const viewport = document.querySelector("[name=viewport]").content;
      const completes = { first_name: "given-name", last_name: "family-name", email: "email", country: "country" };
      return [
        ...(page.lang === language ? [] : [`lang is ${page.lang}, not ${language}`]),
        ...(page.dir === direction ? [] : [`dir is ${page.dir}, not ${direction}`]),
        // After a section that ends deeper, axe takes a skipped level for a part of that one.
        ...[...document.querySelectorAll("main > section")].map((part) => part.querySelector("h1, h2, h3, h4"))
          .filter((heading) => heading && heading.tagName !== "H2").map((heading) => `a section begins lower: ${named(heading)}`),
        ...(/maximum-scale|user-scalable/.test(viewport) ? ["nobody can zoom"] : []),
        ...[...document.querySelectorAll("main picture img")].filter((image) => !image.alt.trim() && !image.closest("a, li")).map(() => "a picture without words"),
        ...[...document.querySelectorAll("[hreflang]:not(link)")].filter((link) => link.lang !== link.hreflang)
          .map((link) => `read in another language: ${named(link)}`),
        ...Object.entries(completes).filter(([name, wanted]) => {
          const field = document.querySelector(`form #${name}`);
          return field && field.autocomplete !== wanted;
        }).map(([name, wanted]) => `#${name} has no autocomplete="${wanted}"`),
        ...[...document.querySelectorAll(".hint[id], .error[id]")].filter((words) => {
          const field = document.getElementById(words.id.replace(/-(hint|error)$/, ""));
          return field && !(field.getAttribute("aria-describedby") ?? "").split(" ").includes(words.id);
        }).map((words) => `tied to no field: #${words.id}`),
        ...[...document.querySelectorAll(".error[id]")].filter((words) =>
          document.getElementById(words.id.replace(/-error$/, ""))?.ariaInvalid !== "true")
          .map((words) => `not marked as invalid: #${words.id}`),
      ];
    },
  };
})();
