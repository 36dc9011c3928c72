<script>
    fetch(`/items/${id}`);
</script>
<p>{{ $title }}</p>
