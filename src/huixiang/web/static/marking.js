// Marking the words of opinions: a tap takes a word, a mouse drags over characters, then a button or digit says what it is.
// Places are counted in characters (code points), as Python counts them. The hidden field is what is sent.
document.querySelectorAll("[data-marking]").forEach((form) => {
  const says = form.dataset;
  const LONGEST = 20;
  const markers = [...form.querySelectorAll("[data-marker]")];
  const go = (place) => {
    const text = markers[Math.min(Math.max(place, 0), markers.length - 1)].querySelector("[data-text]");
    text.focus();
    text.scrollIntoView({ block: "center" });
  };

  markers.forEach((marker, place) => {
    const text = marker.querySelector("[data-text]");
    const tools = marker.querySelector("[data-tools]");
    const list = marker.querySelector("[data-marks]");
    const told = marker.querySelector("[data-told]");
    const field = marker.querySelector("[data-value]");
    const others = [...marker.querySelectorAll("input[type=checkbox]")]; // none, unsure: each excludes all else
    const kinds = [...tools.querySelectorAll("[data-kind]")];
    const name = (kind) => kinds.find((each) => each.dataset.kind === kind).querySelector("span").textContent;
    const characters = [...text.textContent];
    const ends = marker.dataset.ends.split(",").map(Number);
    const masks = marker.dataset.masks ? marker.dataset.masks.split(",").map((each) => each.split("-").map(Number)) : [];
    let marks = field.value && field.value !== "-"
      ? field.value.split(",").map((each) => {
        const [kind, start, end] = each.split(/[:-]/);
        return { kind, start: Number(start), end: Number(end) };
      })
      : [];
    let chosen = null; // {start, end}

    const cells = characters.map((character, at) => {
      const cell = document.createElement("span");
      cell.dataset.at = at;
      cell.textContent = character;
      return cell;
    });
    text.replaceChildren(...cells);
    const said = (span) => characters.slice(span.start, span.end).join("");
    const over = (one, other) => one.start < other.end && other.start < one.end;
    const isBlank = (span) => !/[\p{L}\p{N}]/u.test(said(span));
    const isMasked = (span) => masks.some(([start, end]) => over(span, { start, end }));
    const word = (at) => {
      const number = ends.findIndex((end) => at < end);
      return { start: number ? ends[number - 1] : 0, end: ends[number] };
    };

    const draw = () => {
      cells.forEach((cell, at) => {
        const mark = marks.find((each) => each.start <= at && at < each.end);
        const names = [];
        if (mark) names.push(`hx-part-${mark.kind}`);
        if (mark?.start === at) names.push("hx-part-first");
        if (mark?.end === at + 1) names.push("hx-part-last");
        if (masks.some(([start, end]) => start <= at && at < end)) names.push("hx-masked");
        if (chosen && chosen.start <= at && at < chosen.end) names.push("hx-chosen");
        cell.className = names.join(" ");
      });
      tools.hidden = !chosen;
      list.replaceChildren(...marks.map((mark) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = `hx-chip hx-part-${mark.kind}`;
        button.setAttribute("aria-label", `${says.remove} ${name(mark.kind)} ${said(mark)}`);
        button.textContent = `${name(mark.kind)} ${said(mark)} ×`;
        button.addEventListener("click", () => { leave([mark]); text.focus(); });
        item.append(button);
        return item;
      }));
      field.value = marks.map((each) => `${each.kind}:${each.start}-${each.end}`).join(",");
    };
    const tell = (sentence) => { told.textContent = sentence; };
    const choose = (span) => {
      chosen = span;
      if (span) {
        const mark = marks.find((each) => each.start === span.start && each.end === span.end);
        tell(`${says.chosen} ${said(span)}${mark ? ` ${name(mark.kind)}` : ""}`);
      }
      draw();
    };
    const leave = (some) => {
      marks = marks.filter((each) => !some.includes(each));
      draw();
    };
    const take = (kind) => {
      if (!chosen) return;
      let { start, end } = chosen;
      while (start < end && !characters[start].trim()) start += 1;
      while (end > start && !characters[end - 1].trim()) end -= 1;
      const span = { kind, start, end };
      if (start === end) return;
      if (isMasked(span)) return tell(says.masked);
      if (end - start > LONGEST) return tell(says.long);
      if (characters.slice(start, end).includes("\n")) return tell(says.line);
      marks = [...marks.filter((each) => !over(each, span)), span].sort((one, other) => one.start - other.start);
      for (const each of others) each.checked = false;
      chosen = null;
      tell(`${name(kind)} ${said(span)}`);
      draw();
      text.focus();
    };
    const say = (value) => {
      for (const each of others) each.checked = each.value === value;
      marks = [];
      choose(null);
      if (place === markers.length - 1) form.querySelector("button[data-save]").focus();
      else go(place + 1);
    };
    const move = (edge, by) => {
      if (!chosen) return;
      const start = chosen.start + (edge === "start" ? by : 0);
      const end = chosen.end + (edge === "end" ? by : 0);
      if (start >= 0 && end <= characters.length && start < end) choose({ start, end });
    };
    const walk = (by) => {
      const words = ends.map((end, number) => ({ start: number ? ends[number - 1] : 0, end }));
      const from = chosen ? (by > 0 ? chosen.end : chosen.start) : (by > 0 ? 0 : characters.length);
      const ahead = words.filter((each) => !isBlank(each) && !isMasked(each) && (by > 0 ? each.start >= from : each.end <= from));
      const next = by > 0 ? ahead[0] : ahead.at(-1);
      if (next) choose(next);
    };
    const tap = (at) => {
      const mark = marks.find((each) => each.start <= at && at < each.end);
      if (mark) return choose({ start: mark.start, end: mark.end });
      const span = word(at);
      const marked = chosen && marks.some((each) => over(each, chosen));
      const beside = chosen && !marked && (span.end === chosen.start || span.start === chosen.end);
      choose(beside
        ? { start: Math.min(span.start, chosen.start), end: Math.max(span.end, chosen.end) }
        : span);
    };

    const at = (event) => {
      const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-at]");
      return cell && text.contains(cell) ? Number(cell.dataset.at) : null;
    };
    let begun = null, dragged = false;
    text.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      begun = at(event);
      dragged = false;
    });
    text.addEventListener("pointermove", (event) => {
      const here = at(event);
      // A finger scrolls; a mouse drags. With a finger, the buttons below move the ends.
      if (begun === null || here === null || event.pointerType !== "mouse" || (here === begun && !dragged)) return;
      dragged = true;
      chosen = { start: Math.min(begun, here), end: Math.max(begun, here) + 1 };
      draw();
    });
    text.addEventListener("click", (event) => {
      const here = at(event);
      if (dragged && chosen) choose(chosen);
      else if (here !== null) tap(here);
      begun = null;
    });
    window.addEventListener("pointerup", () => { begun = null; });
    for (const each of kinds) each.addEventListener("click", () => take(each.dataset.kind));
    for (const each of tools.querySelectorAll("[data-move]")) {
      const [edge, by] = each.dataset.move.split(":");
      each.addEventListener("click", () => move(edge, Number(by)));
    }
    for (const each of others) each.addEventListener("change", () => { if (each.checked) say(each.value); });

    text.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const keys = {
        ArrowRight: () => (event.shiftKey ? move("end", 1) : walk(1)),
        ArrowLeft: () => (event.shiftKey ? move("end", -1) : walk(-1)),
        ArrowDown: () => go(place + 1),
        ArrowUp: () => go(place - 1),
        PageDown: () => go(place + 1),
        PageUp: () => go(place - 1),
        Comma: () => move("start", -1),
        Period: () => move("start", 1),
        Backspace: () => { if (chosen) leave(marks.filter((each) => over(each, chosen))); },
        Escape: () => choose(null),
        0: () => say("-"),
        "?": () => say("unsure"),
        "？": () => say("unsure"),
      };
      keys.Delete = keys.Backspace;
      kinds.forEach((each, number) => { keys[number + 1] = () => take(each.dataset.kind); });
      const deed = keys[event.key] || keys[event.code];
      if (!deed) return;
      event.preventDefault();
      deed();
    });
    draw();
  });
});
