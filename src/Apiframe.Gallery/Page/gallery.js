'use strict';

// The page is complete without this script, which adds filters, sorting, the large view, and copying. The filter is in the fragment of the URL,
// such as #status=FAILED&q=kite&sort=cost, so that a view can be bookmarked.

const sheet = document.querySelector('.sheet');
const cards = [...sheet.children];
const q = document.getElementById('q');
const state = document.getElementById('status');
const sort = document.getElementById('sort');
const count = document.getElementById('count');
const said = document.getElementById('said');
const nothing = document.querySelector('.nothing');
const viewer = document.querySelector('.viewer');

const place = new Map(cards.map((card, index) => [card, index]));
const promptOf = card => card.querySelector('.prompt').textContent;
const number = (card, name) => card.dataset[name] === '' ? -Infinity : Number(card.dataset[name]);
const words = new Map(cards.map(card =>
    [card, [...card.querySelectorAll('.prompt, .edge span, .state, .reason, dd')].map(part => part.textContent).join('\n').toLowerCase()]));
const falling = name => (a, b) => number(b, name) === number(a, name) ? 0 : number(b, name) - number(a, name);
const orders = {
    newest: () => 0,
    oldest: (a, b) => place.get(b) - place.get(a),
    prompt: (a, b) => promptOf(a).localeCompare(promptOf(b)),
    cost: falling('cost'),
    duration: falling('seconds'),
};

function show() {
    const wanted = q.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    for (const card of cards) {
        card.hidden = Boolean(state.value) && card.dataset.status !== state.value || !wanted.every(word => words.get(card).includes(word));
        shown += card.hidden ? 0 : 1;
    }

    sheet.append(...[...cards].sort(orders[sort.value]));
    nothing.hidden = shown > 0;
    count.textContent = shown === cards.length ? `${shown} shown` : `${shown} of ${cards.length} shown`;
}

function readAddress() {
    const view = new URLSearchParams(location.hash.slice(1));
    q.value = view.get('q') ?? '';
    state.value = view.get('status') ?? '';
    sort.value = view.get('sort') ?? 'newest';
    // The value of a select is empty if it is not one of the options.
    if (!state.value) state.value = '';
    if (!sort.value) sort.value = 'newest';
    show();
}

function writeAddress() {
    const view = new URLSearchParams();
    if (state.value) view.set('status', state.value);
    if (q.value) view.set('q', q.value);
    if (sort.value !== 'newest') view.set('sort', sort.value);
    history.replaceState(null, '', `#${view}`);
    show();
}

async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // Some browsers do not allow a page from disk to use the clipboard in this way.
        const field = document.createElement('textarea');
        field.value = text;
        (viewer.open ? viewer : document.body).append(field);
        field.select();
        document.execCommand('copy');
        field.remove();
    }
}

async function copyPrompt(button, card) {
    await copy(promptOf(card));
    button.focus();
    button.textContent = 'Copied';
    said.textContent = '';
    said.textContent = 'Prompt copied';
    button.addEventListener('blur', () => { button.textContent = 'Copy prompt'; }, { once: true });
}

let viewed = null;

function view(card) {
    viewed = card;
    const image = card.querySelector('.frame img');
    const large = viewer.querySelector('.stage img');
    large.src = image.src;
    large.alt = image.alt;
    viewer.querySelector('.prompt').textContent = promptOf(card);
    viewer.querySelector('.facts').replaceChildren(...[...card.querySelectorAll('.edge span, .facts > *')].map(part => part.cloneNode(true)));
    viewer.querySelector('.copy').hidden = !card.querySelector('.copy');
    viewer.querySelector('.copy').textContent = 'Copy prompt';
    const open = viewer.querySelector('.open');
    open.href = image.src;
    if (open.hasAttribute('download')) open.download = card.dataset.file;
    if (!viewer.open) viewer.showModal();
}

function step(by) {
    const pictures = [...sheet.children].filter(card => !card.hidden && card.querySelector('.frame img'));
    view(pictures[(pictures.indexOf(viewed) + by + pictures.length) % pictures.length]);
}

q.addEventListener('input', writeAddress);
state.addEventListener('input', writeAddress);
sort.addEventListener('input', writeAddress);
nothing.querySelector('.reset').addEventListener('click', () => {
    q.value = state.value = '';
    writeAddress();
    q.focus();
});
addEventListener('hashchange', readAddress);

sheet.addEventListener('click', event => {
    const card = event.target.closest('.card');
    const button = event.target.closest('.copy');
    if (button) {
        copyPrompt(button, card);
    } else if (event.target.closest('a.frame') && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        view(card);
    }
});

viewer.querySelector('.previous').addEventListener('click', () => step(-1));
viewer.querySelector('.next').addEventListener('click', () => step(1));
viewer.querySelector('.copy').addEventListener('click', event => copyPrompt(event.currentTarget, viewed));
viewer.querySelector('.close').addEventListener('click', () => viewer.close());
viewer.querySelector('.stage').addEventListener('click', () => viewer.close());
viewer.addEventListener('keydown', event => {
    if (event.key === 'ArrowLeft') step(-1);
    if (event.key === 'ArrowRight') step(1);
});
viewer.addEventListener('close', () => viewed.querySelector('a.frame').focus());

// Images that were not loaded because they were not scrolled to must also be printed.
addEventListener('beforeprint', () => sheet.querySelectorAll('img[loading]').forEach(image => { image.loading = 'eager'; }));

document.querySelectorAll('[hidden].copy, [hidden].tools').forEach(part => { part.hidden = false; });
readAddress();
