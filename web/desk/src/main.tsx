import { render } from 'preact';

const root = document.getElementById('desk');
if (root) {
  render(<main><a href="/plain">draft</a></main>, root);
}
