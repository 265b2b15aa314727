// Labelling by keyboard: a digit answers the present voice and goes on to the next, arrows move between voices.
(() => {
  const form = document.querySelector("[data-labelling]");
  if (!form) return;
  const voices = [...form.querySelectorAll("fieldset")];
  const present = () => Math.max(0, voices.findIndex((each) => each.contains(document.activeElement)));
  const go = (place) => {
    const voice = voices[Math.min(Math.max(place, 0), voices.length - 1)];
    (voice.querySelector("input:checked") || voice.querySelector("input")).focus();
    voice.scrollIntoView({ block: "center" });
  };
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inVoice = voices.some((each) => each.contains(event.target));
    if (!inVoice) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      go(present() + (event.key === "ArrowDown" ? 1 : -1));
      return;
    }
    const answer = voices[present()].querySelectorAll("input")[Number(event.key) - 1];
    if (!/^[1-9]$/.test(event.key) || !answer) return;
    event.preventDefault();
    answer.checked = true;
    if (present() === voices.length - 1) form.querySelector("button").focus();
    else go(present() + 1);
  });
  voices[0]?.querySelector("input").focus({ preventScroll: true });
})();
